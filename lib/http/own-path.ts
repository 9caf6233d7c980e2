/** A path of these pages from what a request asks to go back to; `/` for anything that would lead elsewhere. */
export function ownPath(wish: string | null): string {
  if (wish === null || !wish.startsWith('/')) return '/'
  const base = 'http://plumbline.invalid'
  // Browsers read `\` as `/` and drop tabs and line ends, so the parser that they share decides, not the text.
  const url = URL.parse(wish, base)
  if (url === null || url.origin !== base) return '/'
  const path = url.pathname + url.search
  return path.startsWith('//') ? '/' : path
}
