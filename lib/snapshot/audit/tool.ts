/** What is known of one use of an audit tool, before it is asked when it runs. */
import type { CalledAction, Command } from '../commands.ts'
import type { Word } from '../shell/words.ts'
import type { Snapshot } from '../snapshot.ts'

/** `tree`: everything below the folder; `root`: what the folder's package root holds; `files`: these alone. */
export type Scope = { kind: 'tree' | 'root'; folder: string | null } | { kind: 'files'; paths: readonly string[] }

/** What keeps a tool from failing the build, as the end of a sentence, and what to write instead. */
export type Toothless = { reason: string; advice: string; fix?: ToothFix }

/** How a use is given its teeth: an input of the action set, or words of the command replaced or added. */
export type ToothFix =
  | { kind: 'input'; name: string; value: string }
  | { kind: 'word'; start: number; end: number; text: string }

/** `changesOnly`: the tool compares with what was before and has nothing to say on a schedule. */
export type Found = {
  tool: string
  ecosystems: ReadonlySet<string> | 'all'
  scope: Scope
  toothless: Toothless | null
  changesOnly?: true
}

/** One command as its audit tool sees it: the tool's own words, without the runner in front (`npx`, `uv run`). */
export type Invocation = { repo: Snapshot; command: Command; words: readonly Word[]; args: readonly string[] }
export type ActionUse = { repo: Snapshot; action: CalledAction; input: (name: string) => string | undefined }

export function setOf(...names: string[]): ReadonlySet<string> {
  return new Set(names)
}

export const NODE = setOf('npm', 'bun')
export const PYTHON = setOf('pip', 'uv')

/** The value of an option, as `--name value` or `--name=value`. */
export function optionOf(args: readonly string[], ...names: string[]): string | undefined {
  for (const [index, arg] of args.entries()) {
    if (names.includes(arg)) return args[index + 1] ?? ''
    const name = names.find(one => arg.startsWith(`${one}=`))
    if (name !== undefined) return arg.slice(name.length + 1)
  }
  return undefined
}

export function hasOption(args: readonly string[], ...names: string[]): boolean {
  return optionOf(args, ...names) !== undefined
}
