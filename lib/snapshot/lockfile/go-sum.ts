/** `go.sum`: `module version[/go.mod] h1:hash` a line. */
import { type LockContent, type LockEntry, lockEntry, UnreadableFile } from './lockfile.ts'

export function readGoSum(text: string): LockContent {
  const entries: LockEntry[] = []
  const modules = new Map<string, string>()
  text.split('\n').forEach((raw, index) => {
    const content = raw.trim()
    if (content === '') return
    const [name, version, hash, extra] = content.split(/\s+/)
    if (
      name === undefined ||
      version === undefined ||
      hash === undefined ||
      extra !== undefined ||
      !/^h\d+:/.test(hash)
    ) {
      throw new UnreadableFile('a line that is not "module version hash"', index + 1)
    }
    // The hash of a go.mod alone is written for modules that are only looked at to choose versions.
    if (version.endsWith('/go.mod')) {
      modules.set(`${name} ${version.slice(0, -'/go.mod'.length)}`, hash)
      return
    }
    entries.push(lockEntry({ ecosystem: 'golang', name, version, line: index + 1, hashes: [hash] }))
  })
  return { format: 'go.sum', ecosystem: 'golang', entries, importers: new Map([['go.mod', modules]]) }
}
