import { base64 } from '../digest.ts'
import { type FileMap, json, under } from '../files.ts'
import type { Posture } from '../posture.ts'
import { packageJson } from './package-json.ts'
import { type Dependency, declared, dependencies, lockedOf, lostHash, type Part, type PartOptions } from './part.ts'

const BELOW = ['debug 4.4.1', 'ms 2.1.3', 'qs 6.14.0', 'semver 7.7.2', 'undici-types 6.21.0']

/** A package that npm installs: package.json, package-lock.json version 3, and `.npmrc` where scripts are off. */
export function npm(options: PartOptions): Part {
  const directory = options.directory ?? ''
  return {
    ecosystem: 'npm',
    directory,
    files: posture => under(directory, files(options, posture)),
    setup: { uses: 'actions/setup-node', with: { 'node-version': '22' } },
    install: installCommand,
    test: 'npm test',
    audit: 'npm audit --audit-level=high',
    ...(options.image && {
      image: posture => ({
        base: 'node',
        tag: '22-bookworm-slim',
        take: posture.lock === 'none' ? 'package.json' : 'package.json package-lock.json',
        run: installCommand(posture),
        command: '["node", "src/index.js"]',
      }),
    }),
  }
}

function installCommand(posture: Posture): string {
  if (posture.install === 'loose' || posture.lock === 'none') return 'npm install'
  return posture.install === 'scripts-off' ? 'npm ci --ignore-scripts' : 'npm ci'
}

function files(options: PartOptions, posture: Posture): FileMap {
  const direct = declared(options, posture, 'crossenv 6.1.1')
  return {
    'package.json': packageJson(options, posture, direct, 'node --test'),
    'src/index.js': `export const name = '${options.name}'\n`,
    ...(posture.lock !== 'none' && { 'package-lock.json': lockfile(options, posture, direct) }),
    ...(posture.install === 'scripts-off' && { '.npmrc': 'ignore-scripts=true\n' }),
  }
}

/** Written as with `omit-lockfile-registry-resolved`: no address, hence the same lock behind any mirror. */
function lockfile(options: PartOptions, posture: Posture, direct: readonly Dependency[]): string {
  const range = posture.ranges === 'exact' ? '' : '^'
  const asked = lockedOf(posture, direct)
  const locked = [...asked, ...dependencies(BELOW, 0)].toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const entries = locked.map(({ name, version }, index) => [
    `node_modules/${name}`,
    {
      version,
      ...(!lostHash(posture, index) && { integrity: `sha512-${base64(`${name}@${version}`)}` }),
      license: 'MIT',
    },
  ])
  const root = {
    name: options.name,
    version: '1.0.0',
    dependencies: Object.fromEntries(asked.map(({ name, version }) => [name, range + version])),
  }
  return json({
    name: options.name,
    version: '1.0.0',
    lockfileVersion: 3,
    requires: true,
    packages: { '': root, ...Object.fromEntries(entries) },
  })
}
