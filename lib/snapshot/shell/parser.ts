/** The grammar of bash, loaded once when the module is; parsing itself is synchronous, so that checks can stay so. */
import { createRequire } from 'node:module'
import { setFlagsFromString } from 'node:v8'
import { Language, Parser, type Tree } from 'web-tree-sitter'

const LARGEST = 512 * 1024

// Optimising the grammar's one huge function costs half a gigabyte for a moment and makes nothing faster: no function
// but the first is optimised, and the quick first translation of the others stays.
setFlagsFromString('--wasm-tier-up-filter=0')

const parser = await loadParser()

async function loadParser(): Promise<Parser> {
  await Parser.init()
  const { resolve } = createRequire(import.meta.url)
  // The pages' bundler must leave the name alone: the grammar is read from its package, as a file.
  const grammar = resolve(/* turbopackIgnore: true */ 'tree-sitter-bash/tree-sitter-bash.wasm')
  const made = new Parser()
  made.setLanguage(await Language.load(grammar))
  return made
}

/** The syntax tree of a script; null where it is too large to be read. The caller frees it with `delete()`. */
export function parseShell(text: string): Tree | null {
  if (text.length > LARGEST) return null
  parser.reset()
  return parser.parse(text)
}
