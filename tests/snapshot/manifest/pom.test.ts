/** Versions of Maven projects as Maven itself comes to them: parents where the child says, imports after management. */
import { expect, test } from 'vitest'
import { type Poms, pomVersion, readPom } from '#lib/snapshot/manifest/pom.ts'

function pomsOf(files: Readonly<Record<string, string>>): Poms {
  return new Map(
    Object.entries(files).flatMap(([path, body]) => {
      const pom = readPom({ path, text: `<project>${body}</project>`, mode: '100644', oid: '' })
      return pom === null ? [] : [[path, pom] as const]
    }),
  )
}

function versionsAt(path: string, files: Readonly<Record<string, string>>): Record<string, string> {
  const poms = pomsOf(files)
  const pom = poms.get(path)
  if (pom === undefined) throw new Error(`no project at ${path}`)
  return Object.fromEntries(pom.dependencies.map(found => [found.name, pomVersion(found, pom, poms)]))
}

const name = (artifact: string, version = '') =>
  `<groupId>g</groupId><artifactId>${artifact}</artifactId>${version && `<version>${version}</version>`}`
const asks = (...artifacts: string[]) =>
  `<dependencies>${artifacts.map(artifact => `<dependency>${name(artifact)}</dependency>`).join('')}</dependencies>`
const manages = (...entries: string[]) =>
  `<dependencyManagement><dependencies>${entries.map(entry => `<dependency>${entry}</dependency>`).join('')}</dependencies></dependencyManagement>`
const child = (where = '') => `<parent>${name('parent', '1')}${where}</parent><artifactId>app</artifactId>${asks('x')}`

test('of two parents of one name the one above is taken, or the one that is written', () => {
  const files = {
    'pom.xml': name('parent', '1') + manages(name('x', '1.0')),
    'samples/pom.xml': name('parent', '1') + manages(name('x', '9.9')),
  }
  expect(versionsAt('app/pom.xml', { ...files, 'app/pom.xml': child() })).toEqual({ 'g:x': '1.0' })
  const written = child('<relativePath>../samples</relativePath>')
  expect(versionsAt('app/pom.xml', { ...files, 'app/pom.xml': written })).toEqual({ 'g:x': '9.9' })
})

test('what stands above under another name is not the parent', () => {
  const files = { 'pom.xml': name('other', '1') + manages(name('x', '1.0')), 'app/pom.xml': child() }
  expect(versionsAt('app/pom.xml', files)).toEqual({ 'g:x': '' })
})

test('a bill of materials of the repository gives its versions, with its own properties, and its own imports', () => {
  const importing = (artifact: string) => `${name(artifact, '1')}<type>pom</type><scope>import</scope>`
  const files = {
    'pom.xml': name('app', '1') + asks('x', 'y', 'z') + manages(name('x', '1.0'), importing('bom')),
    'bom/pom.xml':
      name('bom', '1') +
      `<properties><y.version>2.0</y.version></properties>` +
      manages(name('x', '0.1'), name('y', `$\{y.version}`), importing('inner')),
    'inner/pom.xml': name('inner', '1') + manages(name('z', '3.0'), importing('bom')),
  }
  expect(versionsAt('pom.xml', files)).toEqual({ 'g:x': '1.0', 'g:y': '2.0', 'g:z': '3.0' })
})
