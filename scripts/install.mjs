// Brings a fresh clone to the point where TypeScript runs: packages as locked, Node 24, the Prisma client. Then runs the
// program that it is asked for under that Node. Plain JavaScript for Node 20, because it runs before any of that is there.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
const NEEDS_NODE = 24

function readJson(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null
}

// npm writes down what it installed; that is compared with the lock, so that a pulled change of the lock is noticed.
function packagesAreAsLocked() {
  const wanted = readJson(join(ROOT, 'package-lock.json'))?.packages ?? {}
  const present = readJson(join(ROOT, 'node_modules/.package-lock.json'))?.packages
  if (present === undefined) return false
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true
    const found = present[path]
    if (found === undefined) return entry.optional === true || entry.devOptional === true
    return found.version === entry.version && found.integrity === entry.integrity
  })
}

function installPackages() {
  if (packagesAreAsLocked()) return
  console.log('Installing the packages that the lock names …')
  const npm = process.env.npm_execpath
  const args = [
    'ci',
    '--ignore-scripts',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]
  const run =
    npm === undefined
      ? spawnSync('npm', args, { cwd: ROOT, stdio: 'inherit', shell: process.platform === 'win32' })
      : spawnSync(process.execPath, [npm, ...args], { cwd: ROOT, stdio: 'inherit' })
  if (run.status !== 0)
    refuse(
      'The packages could not be installed; npm says why above.',
      'Run the same command again once that is mended: it goes on where it stopped.',
    )
}

// The runtime comes as a package with a hash in the lock; where there is none for this platform the machine's has to do.
function runtime() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  const locked = join(
    ROOT,
    'node_modules',
    `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`,
    'bin',
    name,
  )
  if (existsSync(locked)) return locked
  if (Number(process.versions.node.split('.')[0]) >= NEEDS_NODE) return process.execPath
  return refuse(
    `Plumbline runs on Node ${NEEDS_NODE}; this machine has ${process.versions.node}, and there is no locked Node for ${process.platform} on ${process.arch}.`,
    `Install Node ${NEEDS_NODE} from https://nodejs.org and run the same command again.`,
  )
}

function refuse(sentence, hint) {
  console.error(`${sentence}\n${hint}`)
  process.exit(1)
}

function environment(node) {
  const key = Object.keys(process.env).find(name => name.toUpperCase() === 'PATH') ?? 'PATH'
  const path = [join(node, '..'), join(ROOT, 'node_modules/.bin'), process.env[key]].filter(Boolean).join(delimiter)
  return { ...process.env, [key]: path, NEXT_TELEMETRY_DISABLED: '1' }
}

function run(node, program, args) {
  const child = spawn(node, [program, ...args], { cwd: ROOT, stdio: 'inherit', env: environment(node) })
  // Ctrl-C reaches the program by the terminal; it stops in order, and this process waits for it.
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1))
}

const [program, ...args] = process.argv.slice(2)
installPackages()
const node = runtime()
const generated = spawnSync(node, ['scripts/generate.ts'], { cwd: ROOT, encoding: 'utf8', env: environment(node) })
if (generated.status !== 0) refuse('The database client could not be written.', generated.stderr)
if (program !== undefined) run(node, program, args)
