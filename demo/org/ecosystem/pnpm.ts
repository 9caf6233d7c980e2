import { base64 } from '../digest.ts'
import { type FileMap, text, under } from '../files.ts'
import type { Posture } from '../posture.ts'
import { packageJson } from './package-json.ts'
import { type Dependency, dependencies, lockedOf, lostHash, type Part, type PartOptions } from './part.ts'

const BELOW = ['csstype 3.1.3', 'nanoid 3.3.11', 'picocolors 1.1.1', 'postcss 8.5.6']

/** Members of a pnpm workspace by folder; without any, a single package at the root. */
type PnpmOptions = PartOptions & { members?: Readonly<Record<string, readonly string[]>> }

/** A package or workspace that pnpm installs, with a lock of version 9. */
export function pnpm(options: PnpmOptions): Part {
  const directory = options.directory ?? ''
  return {
    ecosystem: 'npm',
    directory,
    files: posture => under(directory, files(options, posture)),
    setup: { uses: 'pnpm/action-setup' },
    install: installCommand,
    test: 'pnpm test',
    audit: 'pnpm audit --audit-level=high',
    ...(options.image && {
      image: posture => ({
        base: 'node',
        tag: '22-alpine',
        take: posture.lock === 'none' ? 'package.json' : 'package.json pnpm-lock.yaml',
        run: `corepack enable && ${installCommand(posture)}`,
        command: '["node", "src/index.js"]',
      }),
    }),
  }
}

function installCommand(posture: Posture): string {
  if (posture.install === 'loose' || posture.lock === 'none') return 'pnpm install --no-frozen-lockfile'
  const scripts = posture.install === 'scripts-off' ? ' --ignore-scripts' : ''
  return `pnpm install --frozen-lockfile${scripts}`
}

function importersOf(options: PnpmOptions, posture: Posture): [string, Dependency[]][] {
  const members = Object.entries(options.members ?? {})
  return [['.', options.uses] as const, ...members].map(([path, uses]) => [
    path,
    dependencies(uses, posture.generation),
  ])
}

function files(options: PnpmOptions, posture: Posture): FileMap {
  // pnpm 10 blocks scripts by itself; before the change the company was on 9.
  const manager = { packageManager: posture.install === 'scripts-off' ? 'pnpm@10.18.3' : 'pnpm@9.15.9' }
  const manifests = importersOf(options, posture).map(([path, direct]) => {
    const name = path === '.' ? options.name : `@northwind/${path.slice(path.lastIndexOf('/') + 1)}`
    const manifest = packageJson({ ...options, name }, posture, direct, 'vitest run', path === '.' ? manager : {})
    return [path === '.' ? 'package.json' : `${path}/package.json`, manifest]
  })
  return {
    ...Object.fromEntries(manifests),
    'src/index.js': `export const name = '${options.name}'\n`,
    ...(options.members && { 'pnpm-workspace.yaml': text('packages:', membersOf(options.members)) }),
    ...(posture.lock !== 'none' && { 'pnpm-lock.yaml': lockfile(options, posture) }),
  }
}

function membersOf(members: Readonly<Record<string, readonly string[]>>): string[] {
  const folders = new Set(Object.keys(members).map(path => path.slice(0, path.lastIndexOf('/'))))
  return [...folders].map(folder => `  - ${folder}/*`)
}

function lockfile(options: PnpmOptions, posture: Posture): string {
  const range = posture.ranges === 'exact' ? '' : '^'
  const importers = importersOf(options, posture).map(([path, direct]) => [path, lockedOf(posture, direct)] as const)
  const locked = new Map<string, Dependency>()
  for (const one of [...importers.flatMap(([, direct]) => direct), ...dependencies(BELOW, 0)]) {
    locked.set(`${one.name}@${one.version}`, one)
  }
  const keys = [...locked.keys()].sort()
  const quoted = (key: string) => (key.startsWith('@') ? `'${key}'` : key)
  return text(
    "lockfileVersion: '9.0'",
    '',
    'settings:',
    '  autoInstallPeers: true',
    '  excludeLinksFromLockfile: false',
    '',
    'importers:',
    importers.flatMap(([path, direct]) => [
      '',
      `  ${path}:`,
      '    dependencies:',
      ...direct.flatMap(({ name, version }) => [
        `      ${quoted(name)}:`,
        `        specifier: ${range}${version}`,
        `        version: ${version}`,
      ]),
    ]),
    '',
    'packages:',
    keys.flatMap((key, index) => [
      '',
      `  ${quoted(key)}:`,
      lostHash(posture, index) ? '    resolution: {}' : `    resolution: {integrity: sha512-${base64(key)}}`,
    ]),
    '',
    'snapshots:',
    keys.flatMap(key => ['', `  ${quoted(key)}: {}`]),
  )
}
