/** Locks in formats of their own: Hex, Terraform, Gradle. */
import { type LockContent, type LockEntry, lockEntry, refuseCut, UnreadableFile } from './lockfile.ts'

/** `mix.lock`: an Elixir map by application; a Hex package, which may have another name, carries an inner and an outer SHA-256, a git one its revision. */
export function readMixLock(text: string): LockContent {
  const entries: LockEntry[] = []
  text.split('\n').forEach((raw, index) => {
    const content = raw.trim()
    if (content === '' || content === '%{' || content === '}' || content === '%{}' || content.startsWith('#')) return
    const [, name, rest] = /^(?:%\{)?\s*"([^"]+)": ?(\{.*\}),?\s*\}?$/.exec(content) ?? []
    if (name === undefined || rest === undefined)
      throw new UnreadableFile('a line that is no locked package', index + 1)
    const line = index + 1
    const git = /^\{:git, "[^"]*", "([0-9a-f]*)"/.exec(rest)
    const hex = /^\{:hex, :"?([^",]+)"?, "([^"]+)"(?:, "([0-9a-f]+)")?/.exec(rest)
    // A private repository of an organisation: `"hexpm:acme"`.
    const organisation = /, "hexpm:([\w-]+)"/.exec(rest)?.[1]
    if (git?.[1] !== undefined)
      entries.push(lockEntry({ ecosystem: 'hex', name, version: git[1], line, source: 'git', commit: git[1] }))
    else if (hex?.[2] !== undefined)
      entries.push(
        lockEntry({
          ecosystem: 'hex',
          name,
          purlName: organisation === undefined ? hex[1] : `${organisation}/${hex[1]}`,
          version: hex[2],
          line,
          hashes: hex[3] === undefined ? [] : [hex[3]],
        }),
      )
    else entries.push(lockEntry({ ecosystem: 'hex', name, version: '', line, source: 'path' }))
  })
  const isEmpty = /^\s*(?:%\{\s*\}\s*)?$/.test(text.slice(0, 200))
  refuseCut(isEmpty || /[,}]\s*\}\s*$/.test(text.slice(-200)), 'its closing brace', text)
  return { format: 'mix.lock', ecosystem: 'hex', entries, importers: null }
}

/** `.terraform.lock.hcl`: a block a provider; `h1:` and `zh:` hashes. */
export function readTerraformLock(text: string): LockContent {
  const entries: LockEntry[] = []
  let open: { name: string; line: number; version: string; hashes: string[] } | null = null
  let line = 0
  for (const raw of text.split('\n')) {
    line++
    const content = raw.trim()
    const provider = /^provider "([^"]+)" \{$/.exec(content)?.[1]
    if (provider !== undefined) {
      if (open !== null) throw new UnreadableFile('a provider inside another', line)
      // The first segment is the registry, which an address in a configuration leaves out.
      open = { name: provider.split('/').slice(-2).join('/'), line, version: '', hashes: [] }
    } else if (content === '}' && open !== null) {
      entries.push(lockEntry({ ecosystem: 'terraform', ...open }))
      open = null
    } else if (open !== null) {
      open.version = /^version\s*=\s*"([^"]*)"/.exec(content)?.[1] ?? open.version
      for (const found of content.matchAll(/"((?:h1|zh):[^"]+)"/g)) open.hashes.push(found[1] ?? '')
    } else if (content !== '' && !content.startsWith('#'))
      throw new UnreadableFile('a line outside of any provider', line)
  }
  if (open !== null) throw new UnreadableFile(`the block of ${open.name} is never closed`, open.line)
  return { format: '.terraform.lock.hcl', ecosystem: 'terraform', entries, importers: null }
}

/**
 * `gradle.lockfile` and `*.lockfile`: `group:artifact:version=configurations`, closed by `empty=`; the format has no
 * hashes. The files of older versions, one a configuration, have neither `=` nor a last line.
 */
export function readGradleLockfile(text: string): LockContent {
  const entries: LockEntry[] = []
  let isOpen = false
  text.split('\n').forEach((raw, index) => {
    const content = raw.trim()
    if (content === '' || content.startsWith('#')) return
    if (content.startsWith('empty=')) {
      isOpen = false
      return
    }
    const [, group, artifact, version, configurations] = /^([^:\s=]+):([^:\s=]+):([^:\s=]+)(=.*)?$/.exec(content) ?? []
    if (group === undefined || version === undefined)
      throw new UnreadableFile('a line that is not "group:artifact:version=…"', index + 1)
    isOpen ||= configurations !== undefined
    entries.push(lockEntry({ ecosystem: 'gradle', name: `${group}:${artifact}`, version, line: index + 1 }))
  })
  refuseCut(!isOpen, 'its line `empty=`', text)
  return { format: 'gradle.lockfile', ecosystem: 'gradle', entries, importers: null }
}
