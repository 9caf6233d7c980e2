/** The grammar of bash, loaded once when the module is; parsing itself is synchronous, so that checks can stay so. */
import { createRequire } from 'node:module'
import { Language, Parser, type Tree } from 'web-tree-sitter'

const LARGEST = 512 * 1024

const parser = await loadParser()

async function loadParser(): Promise<Parser> {
  await Parser.init()
  const { resolve } = createRequire(import.meta.url)
  const made = new Parser()
  made.setLanguage(await Language.load(resolve('tree-sitter-bash/tree-sitter-bash.wasm')))
  return made
}

/** The syntax tree of a script; null where it is too large to be read. The caller frees it with `delete()`. */
export function parseShell(text: string): Tree | null {
  if (text.length > LARGEST) return null
  parser.reset()
  return parser.parse(text)
}
