/** What fixes the content of JVM artifacts: Gradle's `verification-metadata.xml` and the maven-lockfile plugin's `lockfile.json`. */
import { type Json, keyLines, listOf, objectOf, parseJsonObject, textOf } from './json.ts'
import { type LockContent, type LockEntry, lockEntry, UnreadableFile } from './lockfile.ts'
import { childAt, childrenOf, descendantsOf, parseXml } from './xml.ts'

export function readVerificationMetadata(text: string): LockContent {
  const root = parseXml(text)
  if (root.name !== 'verification-metadata') throw new UnreadableFile('is no verification-metadata', root.line)
  const entries = childrenOf(childAt(root, 'components'), 'component').map(component => {
    const { group = '', name = '', version = '' } = component.attributes
    const hashes = ['sha256', 'sha512']
      .flatMap(kind => descendantsOf(component, kind))
      .map(hash => hash.attributes.value ?? '')
    const weak = ['sha1', 'md5']
      .flatMap(kind => descendantsOf(component, kind))
      .map(hash => `sha1:${hash.attributes.value ?? ''}`)
    // A signature by a key that the file trusts fixes the content as well.
    const signed = descendantsOf(component, 'pgp').length > 0
    return lockEntry({
      ecosystem: 'gradle',
      name: `${group}:${name}`,
      version,
      line: component.line,
      hashes: [...hashes.filter(Boolean), ...weak],
      excused: signed,
    })
  })
  return { format: 'verification-metadata.xml', ecosystem: 'gradle', entries, importers: null }
}

const MAX_DEPTH = 100

export function readMavenLockfile(text: string): LockContent {
  const root = parseJsonObject(text)
  if (!Array.isArray(root.dependencies)) throw new UnreadableFile('has no "dependencies" list', 1)
  const lines = keyLines(text, text.indexOf('"dependencies"'))
  const found = new Map<string, LockEntry>()

  function walk(list: readonly unknown[], depth: number): void {
    if (depth > MAX_DEPTH) throw new UnreadableFile(`dependencies nested deeper than ${MAX_DEPTH}`, 1)
    for (const item of list) {
      const fields: Json = objectOf(item)
      const name = `${textOf(fields.groupId)}:${textOf(fields.artifactId)}`
      const version = textOf(fields.version)
      const algorithm = textOf(fields.checksumAlgorithm).toLowerCase()
      const checksum = textOf(fields.checksum)
      const line = lines.nextValue('artifactId', textOf(fields.artifactId))
      const hashes = checksum === '' ? [] : [/sha-?1$|md5/.test(algorithm) ? `sha1:${checksum}` : checksum]
      if (!found.has(`${name}@${version}`))
        found.set(`${name}@${version}`, lockEntry({ ecosystem: 'maven', name, version, line, hashes }))
      walk(listOf(fields.children), depth + 1)
    }
  }
  walk(root.dependencies, 0)
  return { format: 'lockfile.json', ecosystem: 'maven', entries: [...found.values()], importers: null }
}
