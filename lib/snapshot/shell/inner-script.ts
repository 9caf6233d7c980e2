/** Scripts that a command hands to another shell: as a word, or by its input. */
import type { Word } from './words.ts'

const SHELL = /^(?:ba|z|da)?sh$/

/** The word that `bash -c` or `eval` runs, where it stands in the source as it is and is not itself the output of a command. */
export function innerScript(words: readonly Word[], source: string): Word | null {
  const [program, second] = words.map(({ text }) => text)
  if (program === undefined || second === undefined) return null
  const script = SHELL.test(program)
    ? words[words.findIndex(({ text }) => /^-\w*c$/.test(text)) + 1]
    : program === 'eval'
      ? words[1]
      : undefined
  const isAsWritten =
    script && !script.text.startsWith('$(') && source.slice(script.start + 1, script.end - 1) === script.text
  return isAsWritten ? script : null
}

/** Whether the command runs what it is given as its input. */
export function runsInput([program = '', ...rest]: readonly string[]): boolean {
  return SHELL.test(program) && !rest.some(word => !word.startsWith('-'))
}
