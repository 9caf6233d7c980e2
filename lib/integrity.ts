/**
 * Whether the files that Plumbline serves and runs are those of its build. The build writes a manifest of SHA-256 sums
 * (`scripts/integrity.ts`), signed where a key is given; without a signature it tells of accidents and of whoever
 * cannot write the manifest too. Node's own program and what is only bundled at build are not covered.
 */
import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto'
import { constants, readFileSync, readlinkSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as immediate } from 'node:timers/promises'
import { AppError } from './errors.ts'

/** `roots`: folders in which no other file may lie. `files`: path from the top → SHA-256 in hex. */
export type Manifest = { version: 1; roots: string[]; files: Record<string, string> }

/** `absent`: nothing was built here, so that nothing can be said. Paths in order. */
export type Integrity = {
  state: 'whole' | 'changed' | 'absent'
  /** How many files the manifest lists. */
  files: number
  tampered: string[]
  missing: string[]
  extra: string[]
  /** `unasked`: no public key is set; `wrong`: one is, and the manifest is not signed by it. */
  signature: 'right' | 'wrong' | 'unasked'
}

/** What comes of it: `null` verifies what is built on this machine, and leaves alone what runs from its sources. */
export type IntegrityRule = { mode: 'refuse' | 'warn' | 'off' | null; publicKey: string | null }

export const MANIFEST = '.next/integrity.json'
export const SIGNATURE = '.next/integrity.sig'

/** What Node or a browser would take as code or content; types, source maps and an editor's backup files are none. */
export const RUNS =
  /(?<!\.d)\.(?:[cm]?js|jsx|[cm]?ts|tsx|json|node|wasm|data|tar\.gz|sql|prisma|css|html|rsc|body|meta|segment|svg|woff2?)$/

const AT_ONCE = 32

/** Reads every file of the manifest and the names in its folders; well under a second for 3,000 files. */
export async function checkIntegrity(top: string, { publicKey }: IntegrityRule): Promise<Integrity> {
  const bytes = await readFile(join(top, MANIFEST)).catch(absent)
  const nothing = { files: 0, tampered: [], missing: [], extra: [] }
  // Where a key is set an attacker must not get away with taking the manifest out.
  if (bytes === null)
    return {
      ...nothing,
      state: publicKey === null ? 'absent' : 'changed',
      signature: publicKey === null ? 'unasked' : 'wrong',
    }
  const signature = await signatureOf(top, bytes, publicKey)
  const manifest = JSON.parse(bytes.toString('utf8')) as Manifest
  const listed = Object.keys(manifest.files)
  const sums = await sumsOf(top, listed)
  const missing = listed.filter(path => sums.get(path) === null)
  const tampered = listed.filter(path => sums.get(path) !== null && sums.get(path) !== manifest.files[path])
  const known = new Set(listed)
  const extra = (await filesUnder(top, manifest.roots)).filter(path => !known.has(path))
  const isWhole = signature !== 'wrong' && tampered.length + missing.length + extra.length === 0
  return { state: isWhole ? 'whole' : 'changed', files: listed.length, tampered, missing, extra, signature }
}

async function signatureOf(top: string, manifest: Buffer, publicKey: string | null): Promise<Integrity['signature']> {
  if (publicKey === null) return 'unasked'
  const written = await readFile(join(top, SIGNATURE), 'utf8').catch(absent)
  if (written === null) return 'wrong'
  return verify(null, manifest, publicKeyFrom(publicKey), Buffer.from(written, 'base64')) ? 'right' : 'wrong'
}

/** PEM, or the base64 between its lines. */
function publicKeyFrom(text: string): KeyObject {
  try {
    const key = createPublicKey(
      text.includes('-----') ? text : { key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' },
    )
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // Not a key at all: said below, without what it holds.
  }
  throw new AppError(
    'invalid-configuration',
    'PLUMBLINE_INTEGRITY_KEY is not an Ed25519 public key.',
    'Write the PEM that `openssl pkey -pubout` prints.',
  )
}

/** Path → SHA-256 in hex; null where there is no such file. A symbolic link counts by where it leads. */
export async function sumsOf(top: string, paths: readonly string[]): Promise<Map<string, string | null>> {
  const sums = new Map<string, string | null>()
  for (const [index, path] of paths.entries()) {
    // Reading at once takes half the time of reading by promises; in between whoever else waits has a turn.
    if (index % AT_ONCE === 0) await immediate()
    sums.set(path, sumOf(join(top, path)))
  }
  return sums
}

function sumOf(path: string): string | null {
  try {
    return hash('sha256', readFileSync(path, { flag: constants.O_RDONLY | constants.O_NOFOLLOW }))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ELOOP') return hash('sha256', `link to ${readlinkSync(path)}`)
    if (code === 'EISDIR') return null
    return absent(error as NodeJS.ErrnoException)
  }
}

/** The files in these folders that could be run or served; packages inside of packages are roots of their own. */
export async function filesUnder(top: string, roots: readonly string[]): Promise<string[]> {
  const found: string[] = []
  const open = [...roots]
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    const entries = await readdir(join(top, folder), { withFileTypes: true }).catch(absent)
    for (const entry of entries ?? []) {
      const path = `${folder}/${entry.name}`
      if (entry.isDirectory() && !(entry.name === 'node_modules' && folder.startsWith('node_modules/'))) open.push(path)
      else if (entry.isSymbolicLink() || (entry.isFile() && RUNS.test(entry.name))) found.push(path)
    }
  }
  return found.sort()
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
  throw error
}

const MOST_NAMED = 20

/** What is wrong, a line each; empty where nothing is. */
export function linesOn({ tampered, missing, extra, signature, files }: Integrity): string[] {
  const list = (what: string, paths: readonly string[]) => [
    ...paths.slice(0, MOST_NAMED).map(path => `${what}: ${path}`),
    ...(paths.length > MOST_NAMED ? [`${what}: ${paths.length - MOST_NAMED} more`] : []),
  ]
  const signed =
    files === 0
      ? 'There is no manifest of the build.'
      : 'The manifest of the build is not signed by the key that is set.'
  return [
    ...(signature === 'wrong' ? [signed] : []),
    ...list('changed', tampered),
    ...list('missing', missing),
    ...list('not of the build', extra),
  ]
}

/** Verifies before anything is started; throws AppError `integrity-violated`, or tells by `warn` and goes on. */
export async function refuseChanged(top: string, rule: IntegrityRule, warn: (line: string) => void): Promise<void> {
  if (rule.mode === 'off') return
  const found = await checkIntegrity(top, rule)
  if (found.state !== 'changed') return
  const lines = linesOn(found)
  if (rule.mode !== 'warn')
    throw new AppError(
      'integrity-violated',
      `Files are not those of the build:\n${lines.join('\n')}`,
      'Find out who changed them, then build again (npm run build). PLUMBLINE_INTEGRITY=warn starts all the same.',
    )
  for (const line of ['Files are not those of the build:', ...lines]) warn(line)
}
