/** Small repositories for the tests of what is locked. */
import type { FileMap } from '#lib/check.ts'
import { verdictOf } from './verdict-of.ts'

export const SHA512 = `sha512-${'A'.repeat(86)}==`
export const SHA256 = 'a'.repeat(64)
export const COMMIT = 'b'.repeat(40)

export function judge(files: FileMap) {
  return verdictOf('dependencies-locked', files)
}

export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

export function manifest(dependencies: Record<string, string>, more: object = {}): string {
  return json({ name: 'app', dependencies, ...more })
}

/** A package-lock v3 of a root with one package. */
export function npmLock(name: string, version: string, fields: object = { integrity: SHA512 }): string {
  const packages = {
    '': { dependencies: { [name]: '*' } },
    [`node_modules/${name}`]: { version, resolved: `https://r.example/${name}/-/${name}-${version}.tgz`, ...fields },
  }
  return json({ lockfileVersion: 3, packages })
}

export const yarnClassic = (hash: string) =>
  `# yarn lockfile v1\n\n\na@^1.0.0:\n  version "1.2.0"\n  resolved "https://r.example/a/-/a-1.2.0.tgz${hash}\n`
export const berry = (fields: string) =>
  `__metadata:\n  version: 8\n\n"a@npm:^1.0.0":\n  version: 1.2.0\n  resolution: "a@npm:1.2.0"\n${fields}  linkType: hard\n\n"app@workspace:.":\n  version: 0.0.0-use.local\n  resolution: "app@workspace:."\n  dependencies:\n    a: "npm:^1.0.0"\n  linkType: soft\n`
export const pnpm = (importer: string) =>
  `lockfileVersion: '9.0'\n\nimporters:\n\n  ${importer}:\n    dependencies:\n      a:\n        specifier: ^1.0.0\n        version: 1.2.0\n\npackages:\n\n  a@1.2.0:\n    resolution: {integrity: ${SHA512}}\n`
export const app = { 'package.json': manifest({ a: '^1.0.0' }) }

export const member = {
  'package.json': json({ name: 'root', workspaces: ['packages/*'] }),
  'packages/x/package.json': json({ name: 'x', dependencies: { a: '^1.0.0', y: '^1.0.0' } }),
  'packages/y/package.json': json({ name: 'y' }),
}
