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

/** A parser that recovers from what is no shell can take quadratic time: minutes for 40 KB of `<a><a>`. */
const BASE_MS = 1_000
/** Twenty times what a step of a real script takes; the parser reports every hundred of its operations. */
const STEP_MS = 5

/** The syntax tree of a script; null where it is too large, or too far from shell, to be read. The caller frees it with `delete()`. */
export function parseShell(text: string): Tree | null {
  if (text.length > LARGEST) return null
  parser.reset()
  const start = performance.now()
  let steps = 0
  const progressCallback = (): boolean => performance.now() - start > BASE_MS + STEP_MS * ++steps
  return parser.parse(text, null, { progressCallback })
}
