import type { Answer } from './answer.ts'

const STYLE = `:root{color-scheme:light dark}body{font:14px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem}
table{border-collapse:collapse;font:12px/1.6 ui-monospace,monospace}td{padding:0 .75rem;white-space:pre-wrap;overflow-wrap:anywhere}
td:first-child{text-align:right;user-select:none}td a{color:GrayText;text-decoration:none}tr:target,tr.on{background:Mark;color:MarkText}`

export const escaped = (text: string) => text.replace(/[&<>"']/g, sign => `&#${sign.codePointAt(0)};`)

/** A page of the pretend GitHub; `title` is text, `content` and `script` are markup. */
export function page(title: string, content: string, script = ''): Answer {
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${STYLE}</style></head><body><main><h1>${escaped(title)}</h1>${content}</main>${script}</body></html>`
  const headers = { 'content-type': 'text/html; charset=utf-8', 'x-content-type-options': 'nosniff' }
  return { status: 200, headers, body: Buffer.from(html) }
}

/** An item of a list that leads to a path, which is encoded already. */
export const link = (to: string, text: string) => `<li><a href="${escaped(to)}">${escaped(text)}</a></li>`
