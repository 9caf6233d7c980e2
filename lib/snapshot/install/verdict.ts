/** What is said of one command that installs something. */
import type { Command } from '../commands.ts'
import type { Word } from '../shell/words.ts'
import { childOf, endOf, textOf } from '../yaml.ts'

/** An edit of the command's own words, in offsets of its file. */
export type WordEdit = { start: number; end: number; text: string; anyOrder?: true }
export type CommandFix = { title: string; safety: 'safe' | 'review'; edits: WordEdit[] }
export type InstallVerdict =
  | { right: true }
  | { right: false; weight: 0.5 | 1; message: string; fix: CommandFix | null }

export const RIGHT: InstallVerdict = { right: true }

export function wrong(message: string, fix: CommandFix | null = null): InstallVerdict {
  return { right: false, weight: 1, message, fix }
}

export function half(message: string, fix: CommandFix | null = null): InstallVerdict {
  return { right: false, weight: 0.5, message, fix }
}

/** The command as people would write it, on one line and not too long. */
export function shown({ argv }: Pick<Command, 'argv'>): string {
  const line = argv.join(' ').replace(/\s+/g, ' ').replaceAll('`', "'")
  return line.length > 80 ? `${line.slice(0, 79)}…` : line
}

export function addAfter(word: Word, flag: string): WordEdit[] {
  return [{ start: word.end, end: word.end, text: ` ${flag}`, anyOrder: true }]
}

/** Sets a variable in front of a command; null where what stands there may be no shell that reads it so. */
export function withVariable(command: Command, name: string, value: string): WordEdit[] | null {
  const { words, place, step, unit } = command
  const at = words[0]?.start
  if (at === undefined || !command.exact) return null
  const runner = unit.job ? unit.file.text.slice(unit.job.node.start, endOf(unit.job.node)) : ''
  if (
    /windows|pwsh|powershell|shell:\s*cmd/i.test(runner) ||
    /^\s*(?:pwsh|powershell|cmd)/.test(textOf(childOf(step?.node, 'shell')) ?? '')
  )
    return null
  const line = place.file.text.slice(place.file.text.lastIndexOf('\n', at - 1) + 1, at)
  const starts =
    /(?:^\s*(?:- )?(?:run:\s+|RUN\s+|@)?|(?:&&|\|\||[;|({]|\b(?:then|do|else))\s*)(?:sudo\s+)?(?:\w+=\S*\s+)*$/
  return starts.test(line) ? [{ start: at, end: at, text: `${name}=${value} ` }] : null
}

export function isSet(value: string | undefined): boolean {
  return value !== undefined && /^(?:1|true|yes|on)$/i.test(value)
}

/** Options and plain words of a command line, from a word on. `takesValue`: options whose value is the next word. */
export function splitWords(
  words: readonly Word[],
  takesValue: RegExp,
): { flags: ReadonlyMap<string, Word[]>; plain: Word[] } {
  const flags = new Map<string, Word[]>()
  const plain: Word[] = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as Word
    if (word.text === '--') {
      plain.push(...words.slice(at + 1))
      break
    }
    if (!word.text.startsWith('-') || word.text === '-') {
      plain.push(word)
      continue
    }
    const equals = word.text.startsWith('--') ? word.text.indexOf('=') : -1
    const name = equals === -1 ? word.text : word.text.slice(0, equals)
    const value =
      equals !== -1 ? { ...word, text: word.text.slice(equals + 1) } : takesValue.test(name) ? words[++at] : word
    flags.set(name, [...(flags.get(name) ?? []), value ?? word])
  }
  return { flags, plain }
}

/** What a list of packages on a command line amounts to. `unclear` packages are left out: only a run could tell. */
export type Pin = 'exact' | 'loose' | 'unclear'

export function judgePackages(
  command: Command,
  pins: readonly { name: string; pin: Pin }[],
  write: (name: string) => string,
): InstallVerdict | null {
  const loose = pins.filter(({ pin }) => pin === 'loose').map(({ name }) => name)
  if (loose.length > 0) {
    const names =
      loose
        .slice(0, 3)
        .map(name => `\`${name}\``)
        .join(', ') + (loose.length > 3 ? ` and ${loose.length - 3} more` : '')
    return wrong(
      `\`${shown(command)}\` takes whatever version of ${names} is newest when it runs. ${write(loose[0] ?? '')}`,
    )
  }
  const exact = pins.find(({ pin }) => pin === 'exact')
  if (!exact) return null
  // What to write at the least is what stands there already.
  const advice = write(exact.name).replace(/; at the least .*$/, '.')
  return half(
    `\`${shown(command)}\` fixes the version but not the content: no lock or hash covers \`${exact.name}\` or what it depends on. ${advice}`,
  )
}

/** The command with each word that is a variable alone replaced by what its environment says, split as a shell does. */
export function spelledOut(command: Command): Command {
  const { words, env } = command
  const toldBy = ({ text }: Word) => {
    const [, inBraces, plain, inExpression] = /^\$(?:\{(\w+)\}|(\w+)|\{\{\s*env\.(\w+)\s*\}\})$/.exec(text) ?? []
    const value = env.get(inBraces ?? plain ?? inExpression ?? '')
    return value?.includes('$') ? undefined : value
  }
  if (!words.some(word => toldBy(word) !== undefined)) return command
  const spelled = words.flatMap(word => {
    const parts = toldBy(word)
      ?.split(/\s+/)
      .filter(part => part !== '')
    return parts ? parts.map(text => ({ ...word, text, dynamic: false })) : [word]
  })
  return { ...command, words: spelled }
}

/** True where a variable on the line may hold flags that decide: `npm ci $NPM_FLAGS`, `${{ matrix.args }}`. */
export function hidesFlags({ words }: Pick<Command, 'words'>): boolean {
  return words.slice(1).some(({ text, dynamic }) => dynamic && /^\$/.test(text) && /arg|flag|opt|param/i.test(text))
}
