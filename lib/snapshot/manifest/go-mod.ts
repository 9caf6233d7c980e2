/** `go.mod`: required modules, and where `replace` sends them. */
export type GoMod = {
  module: string
  requires: { name: string; version: string; line: number }[]
  /** `name` or `name@version` → the module taken in its place, or a folder of the repository. */
  replaces: Map<string, 'local' | { name: string; version: string }>
}

export function readGoMod(text: string): GoMod {
  const found: GoMod = { module: '', requires: [], replaces: new Map() }
  let block = ''
  text.split('\n').forEach((raw, index) => {
    const content = raw.replace(/\/\/.*$/, '').trim()
    if (content === '') return
    if (content === ')') {
      block = ''
      return
    }
    const opened = /^(\w+)\s*\($/.exec(content)?.[1]
    if (opened !== undefined) {
      block = opened
      return
    }
    const words = content.split(/\s+/).map(word => word.replace(/^["`]|["`]$/g, ''))
    const verb = block === '' ? words.shift() : block
    if (verb === 'module') found.module = words[0] ?? ''
    if (verb === 'require') found.requires.push({ name: words[0] ?? '', version: words[1] ?? '', line: index + 1 })
    if (verb === 'replace') noteReplace(words, found)
  })
  return found
}

function noteReplace(words: readonly string[], { replaces }: GoMod): void {
  const arrow = words.indexOf('=>')
  const target = words[arrow + 1]
  if (arrow < 1 || target === undefined) return
  const version = words[arrow + 2]
  const from = arrow === 2 ? `${words[0]}@${words[1]}` : (words[0] ?? '')
  replaces.set(from, version === undefined ? 'local' : { name: target, version })
}
