/**
 * `npm run bench -- scan [PATH…]`: how many repositories a second one core judges, which checks take the time, and how
 * much more all of them take than the checks of the six items. Made-up repositories of three sizes, or the folders and bare
 * repositories that are named.
 */
import { type Check, ITEMS } from '#lib/check.ts'
import { CHECKS } from '#lib/checks/index.ts'
import { snapshotOfFolder } from '#lib/crawl/folder-source.ts'
import { defaultPolicy } from '#lib/policy/policy.ts'
import { scan } from '#lib/scan.ts'
import type { Snapshot, SourceFile } from '#lib/snapshot/snapshot.ts'

const NOW = new Date('2026-01-01T00:00:00Z')
const MEASURED_MS = 4_000
const MINIMUM = CHECKS.filter(({ item }) => ITEMS.some(({ id }) => id === item))
const SHA = 'a'.repeat(40)
const HASH = `sha512-${'A'.repeat(86)}==`

/** Parses are remembered by snapshot and by file, so each round gets objects of its own. */
function fresh(repo: Snapshot): Snapshot {
  const files = new Map([...repo.files].map(([path, file]) => [path, { ...file }]))
  return { ...repo, files }
}

function madeUp(packages: number, workflows: number, entries: number): Snapshot {
  const files = new Map<string, SourceFile>()
  const add = (path: string, text: string) => files.set(path, { path, mode: '100644', oid: '', text })
  for (let index = 0; index < packages; index++) {
    const folder = index === 0 ? '' : `packages/p${index}/`
    add(
      `${folder}package.json`,
      '{ "dependencies": { "p0": "^1.0.0" }, "scripts": { "build": "tsc && node build.js" } }\n',
    )
    add(
      `${folder}Dockerfile`,
      'FROM node:24 AS build\nWORKDIR /app\nCOPY . .\nRUN npm install && npm run build\nUSER node\n',
    )
    add(`${folder}requirements.txt`, 'flask==3.0.3\nrequests>=2\n')
  }
  const locked = Object.fromEntries(
    Array.from({ length: entries }, (_, index) => [
      `node_modules/p${index}`,
      { version: '1.0.0', resolved: `https://registry.example/p${index}.tgz`, integrity: HASH },
    ]),
  )
  add('package-lock.json', JSON.stringify({ lockfileVersion: 3, packages: { '': {}, ...locked } }, null, 2))
  for (let index = 0; index < workflows; index++) {
    const steps = Array.from(
      { length: 12 },
      (_, step) =>
        `      - uses: actions/checkout@${step % 2 === 0 ? SHA : 'v4'} # v4.2.2\n      - run: |\n          npm ci\n          if [ -n "$X" ]; then pip install -r requirements.txt; fi\n`,
    )
    add(
      `.github/workflows/w${index}.yml`,
      `on: [push]\npermissions:\n  contents: read\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n${steps.join('')}`,
    )
  }
  const tree = [...files.values()].map(({ path, mode, oid, text }) => ({ path, mode, oid, size: text.length }))
  return {
    repository: 'acme/made-up',
    commit: '',
    tree,
    files,
    leftOut: [],
    unread: [],
    releases: null,
    settings: null,
    refs: new Map(),
    called: new Map(),
  }
}

function perScan(repo: Snapshot, checks: readonly Check[], ms: number): number {
  scan(fresh(repo), checks, defaultPolicy, NOW)
  let rounds = 0
  const start = spentMs()
  while (spentMs() - start < ms) {
    scan(fresh(repo), checks, defaultPolicy, NOW)
    rounds++
  }
  return (spentMs() - start) / rounds
}

/** What this thread has computed: another program on the machine makes it no slower. */
function spentMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

function measure(name: string, repo: Snapshot): void {
  const each = perScan(repo, CHECKS, MEASURED_MS)
  const minimum = perScan(repo, MINIMUM, MEASURED_MS / 2)
  const peak = Math.round(process.resourceUsage().maxRSS / 1024)
  process.stdout.write(
    `${name.padEnd(40)} ${String(repo.files.size).padStart(5)} files: ${(1_000 / each).toFixed(1).padStart(7)} repositories/s, ${each.toFixed(1).padStart(7)} ms each, ${(each / minimum).toFixed(2)} times the minimum's ${minimum.toFixed(1)} ms, peak ${peak} MB\n`,
  )
  const shared = fresh(repo)
  const spent = CHECKS.map(check => {
    const before = performance.now()
    check.run(shared, defaultPolicy)
    return { id: check.id, ms: performance.now() - before }
  }).sort((a, b) => b.ms - a.ms)
  const most = spent.slice(0, 4).map(({ id, ms }) => `${id} ${ms.toFixed(1)} ms`)
  process.stdout.write(`${' '.repeat(41)}one run in order: ${most.join(', ')}\n`)
}

const paths = process.argv.slice(2)
if (paths.length === 0) {
  measure('small: 1 package, 2 workflows', madeUp(1, 2, 200))
  measure('typical: 4 packages, 8 workflows', madeUp(4, 8, 1_000))
  measure('monorepo: 120 packages, 40 workflows', madeUp(120, 40, 4_000))
}
for (const path of paths) measure(path.replace(/^.*\//, ''), await snapshotOfFolder(path, defaultPolicy.leftOut))
