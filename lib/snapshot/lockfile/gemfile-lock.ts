/** `Gemfile.lock` and `gems.locked`: sections in capitals; `CHECKSUMS` since Bundler 2.6. */
import { type LockContent, type LockEntry, lockEntry, refuseCut, type SourceKind, UnreadableFile } from './lockfile.ts'

type Spec = { name: string; version: string; line: number; source: SourceKind; commit: string; address: string }

export function readGemfileLock(text: string): LockContent {
  const specs: Spec[] = []
  const checksums = new Map<string, string[]>()
  const direct = new Map<string, string>()
  let section = ''
  let commit = ''
  let remote = ''
  text.split('\n').forEach((raw, index) => {
    const content = raw.trimEnd()
    if (content === '') return
    if (!content.startsWith(' ')) {
      section = content
      commit = ''
      remote = ''
      return
    }
    const trimmed = content.trim()
    if (section === 'DEPENDENCIES') direct.set(trimmed.replace(/[ !].*$/, ''), '')
    else if (section === 'CHECKSUMS') {
      const [, key, rest] = /^(\S+ \([^)]*\))\s*(.*)$/.exec(trimmed) ?? []
      if (key !== undefined)
        checksums.set(
          key,
          (rest ?? '')
            .split(',')
            .map(part => part.trim())
            .filter(Boolean),
        )
    } else if (trimmed.startsWith('remote: ')) remote = trimmed.slice('remote: '.length)
    else if (trimmed.startsWith('revision: ')) commit = trimmed.slice('revision: '.length)
    else {
      const spec = /^ {4}([^\s(]+) \(([^)]*)\)$/.exec(content)
      if (spec?.[1] !== undefined && spec[2] !== undefined && sourceOf(section) !== null) {
        specs.push({
          name: spec[1],
          version: spec[2],
          line: index + 1,
          source: sourceOf(section) ?? 'registry',
          commit,
          address: sourceOf(section) === 'path' ? '' : remote,
        })
      }
    }
  })
  if (section === '' || (specs.length === 0 && direct.size === 0 && !/^(?:PLATFORMS|GEM)$/m.test(text))) {
    throw new UnreadableFile('has no section that Bundler writes', 1)
  }
  refuseCut(specs.length === 0 || /^DEPENDENCIES\r?$/m.test(text), 'its section DEPENDENCIES', text)
  const entries = specs.map(spec => entryOf(spec, checksums))
  for (const spec of specs) if (direct.has(spec.name)) direct.set(spec.name, spec.version)
  return { format: 'Gemfile.lock', ecosystem: 'gem', entries, importers: new Map([['', direct]]) }
}

function sourceOf(section: string): SourceKind | null {
  if (section === 'GEM' || section === 'PLUGIN SOURCE') return 'registry'
  if (section === 'GIT') return 'git'
  return section === 'PATH' ? 'path' : null
}

function entryOf(spec: Spec, checksums: Map<string, string[]>): LockEntry {
  const { name, version, line, source, commit, address } = spec
  return lockEntry({
    ecosystem: 'gem',
    name,
    version,
    line,
    source,
    commit,
    address,
    hashes: checksums.get(`${name} (${version})`) ?? [],
  })
}
