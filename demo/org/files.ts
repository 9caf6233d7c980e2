/** Path → text of a repository at one moment. */
export type FileMap = Readonly<Record<string, string>>

/** Joins lines, leaving out those that do not apply here, and ends the file with a newline. */
export function text(...lines: readonly (string | false | null | undefined | readonly string[])[]): string {
  return `${lines.flat().filter(isLine).join('\n')}\n`
}

/** Puts the files of a part into its folder; '' is the root. */
export function under(directory: string, files: FileMap): FileMap {
  if (directory === '') return files
  return Object.fromEntries(Object.entries(files).map(([path, content]) => [`${directory}/${path}`, content]))
}

/** Shifts every line of a block to the right. */
export function indent(block: string, by: number): string {
  const margin = ' '.repeat(by)
  return block
    .trimEnd()
    .split('\n')
    .map(line => (line === '' ? line : margin + line))
    .join('\n')
}

/** A file of JSON as package managers write it. */
export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

function isLine(line: string | false | null | undefined): line is string {
  return typeof line === 'string'
}
