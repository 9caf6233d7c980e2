import { PackageURL } from 'packageurl-js'
import { expect, test } from 'vitest'
import { purlOf } from '#lib/snapshot/lockfile/purl.ts'

test.each([
  ['npm', 'left-pad', '1.3.0'],
  ['npm', '@scope/name', '1.0.0-rc.1+build'],
  ['pypi', 'Foo_Bar', '1.0'],
  ['golang', 'github.com/Owner/repo/v2', 'v2.1.0+incompatible'],
  ['cargo', 'serde_json', '1.0.0'],
  ['gem', 'rake', '13.2.1'],
  ['composer', 'Vendor/Package', '1.0'],
  ['nuget', 'Newtonsoft.Json', '13.0.3'],
  ['maven', 'org.example:some-lib', '1.0'],
  ['hex', 'jason', '1.4.4'],
  ['pub', 'http', '1.2.0'],
])('%s %s is written as the reference library writes it', (type, name, version) => {
  const path = name.replace(':', '/').split('/')
  const namespace = path.length > 1 ? path.slice(0, -1).join('/') : undefined
  expect(purlOf(type, name, version)).toBe(
    new PackageURL(type, namespace, path.at(-1) ?? '', version, undefined, undefined).toString(),
  )
})
