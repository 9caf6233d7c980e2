/** Writes down at build what the files are that Plumbline serves and runs; `lib/integrity.ts` verifies it at start. */
import { createPrivateKey, sign } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { AppError } from '#lib/errors.ts'
import { filesUnder, MANIFEST, type Manifest, SIGNATURE, sumsOf } from '#lib/integrity.ts'

/** What is run as it is written; a change here is a new version, not a break-in, where it is built on the same machine. */
const SOURCES = ['lib', 'workers', 'scripts', 'prisma', 'demo', 'public']
const FILES = ['package.json', 'package-lock.json', 'next.config.ts', 'proxy.ts', '.npmrc']
const BUILT = ['.next/server', '.next/static', '.next/build', '.next/node_modules']
/** Their code is bundled into the pages, or traced by Next file by file. */
const BUNDLED = /^(?:next|react|react-dom|prisma|better-auth|@tanstack\/.*|vitest)$/

type Locked = { dependencies?: Record<string, string> }

/** Over what is there now. Throws AppError `invalid-configuration` where the key cannot sign. */
export async function writeManifest(top: string, signingKey: string | null): Promise<void> {
  const roots = [...SOURCES, ...BUILT, ...packageFolders(top)].filter(folder => existsSync(join(top, folder)))
  const single = [
    ...FILES,
    ...namesIn(join(top, '.next'))
      .filter(name => /^BUILD_ID$|\.(?:json|js)$/.test(name) && !name.startsWith('integrity.'))
      .map(name => `.next/${name}`),
  ]
  const paths = new Set([...(await filesUnder(top, roots)), ...single, ...tracedFiles(top)])
  const sums = await sumsOf(top, [...paths].sort())
  const files = Object.fromEntries([...sums].filter((entry): entry is [string, string] => entry[1] !== null).sort())
  const manifest: Manifest = { version: 1, roots: roots.sort(), files }
  const bytes = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`)
  writeFileSync(join(top, MANIFEST), bytes)
  if (signingKey === null) rmSync(join(top, SIGNATURE), { force: true })
  else writeFileSync(join(top, SIGNATURE), `${signed(bytes, signingKey)}\n`)
}

function signed(bytes: Buffer, key: string): string {
  try {
    const privateKey = createPrivateKey(key)
    if (privateKey.asymmetricKeyType === 'ed25519') return sign(null, bytes, privateKey).toString('base64')
  } catch {
    // Not a key at all: said below, without what it holds.
  }
  throw new AppError(
    'invalid-configuration',
    'PLUMBLINE_SIGNING_KEY is not an Ed25519 private key.',
    'Write the PEM that `openssl genpkey -algorithm ed25519` prints, or name its file by PLUMBLINE_SIGNING_KEY_FILE.',
  )
}

/** What the server of the pages loads, as Next traced it at build. */
function tracedFiles(top: string): string[] {
  const traces = readdirSync(join(top, '.next'), { recursive: true, withFileTypes: true }).filter(
    entry => entry.name.endsWith('.nft.json') && !entry.parentPath.includes(join('.next', 'cache')),
  )
  return traces.flatMap(({ parentPath, name }) => {
    const { files } = JSON.parse(readFileSync(join(parentPath, name), 'utf8')) as { files: string[] }
    return files.map(file => relative(top, resolve(parentPath, file))).filter(path => !path.startsWith('..'))
  })
}

/** The folders of the packages that our own programs import, with all that those depend on. */
function packageFolders(top: string): string[] {
  const { packages } = JSON.parse(readFileSync(join(top, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>
  }
  const found = new Set<string>()
  const open = importedPackages(top).flatMap(name => locate(packages, '', name) ?? [])
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    if (found.has(folder) || !existsSync(join(top, folder))) continue
    found.add(folder)
    for (const name of Object.keys(packages[folder]?.dependencies ?? {}))
      open.push(...(locate(packages, folder, name) ?? []))
  }
  return [...found]
}

function locate(packages: Record<string, Locked>, from: string, name: string): [string] | null {
  for (let at = from; ; at = dirname(dirname(at))) {
    const folder = at === '' || at === '.' ? `node_modules/${name}` : `${at}/node_modules/${name}`
    if (packages[folder]) return [folder]
    if (at === '' || at === '.') return null
  }
}

function importedPackages(top: string): string[] {
  const names = new Set<string>()
  for (const folder of SOURCES)
    for (const path of namesIn(join(top, folder), true).filter(name => /\.(?:ts|mjs)$/.test(name))) {
      const text = readFileSync(join(top, folder, path), 'utf8')
      for (const [, name = ''] of text.matchAll(
        /^(?:import|export|\} from)\b[^;'"]*?'((?:@[\w.-]+\/)?[a-z][\w.-]*)(?:\/[^']*)?'$/gm,
      ))
        names.add(name)
    }
  return [...names].filter(name => !BUNDLED.test(name))
}

function namesIn(folder: string, recursive = false): string[] {
  return existsSync(folder) ? readdirSync(folder, { recursive }).map(String) : []
}
