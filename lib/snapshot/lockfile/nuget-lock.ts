/** `packages.lock.json` of NuGet: one object a target framework. */
import { keyLines, objectOf, parseJsonObject, textOf } from './json.ts'
import { type LockContent, type LockEntry, lockEntry, UnreadableFile } from './lockfile.ts'

export function readNugetLock(text: string): LockContent {
  const root = parseJsonObject(text)
  if (root.version === undefined || root.dependencies === undefined)
    throw new UnreadableFile('has no version or no "dependencies"', 1)
  const lines = keyLines(text, text.indexOf('"dependencies"'))
  const entries: LockEntry[] = []
  const direct = new Map<string, string>()
  const seen = new Set<string>()
  for (const [framework, packages] of Object.entries(objectOf(root.dependencies))) {
    lines.next(framework)
    for (const [name, value] of Object.entries(objectOf(packages))) {
      const line = lines.next(name)
      const fields = objectOf(value)
      const type = textOf(fields.type)
      const version = textOf(fields.resolved)
      if (type === 'Direct') direct.set(name.toLowerCase(), version)
      const key = `${name} ${version} ${type === 'Project'}`
      if (seen.has(key)) continue
      seen.add(key)
      const source = type === 'Project' ? 'workspace' : 'registry'
      entries.push(
        lockEntry({
          ecosystem: 'nuget',
          name,
          version,
          line,
          source,
          hashes: [textOf(fields.contentHash)].filter(Boolean),
        }),
      )
    }
  }
  return { format: 'packages.lock.json', ecosystem: 'nuget', entries, importers: new Map([['', direct]]) }
}
