/** The giant lockfiles: time and memory of reading them. Budget: 2 s and 500 MB each. */

import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { readLockfile } from '#lib/snapshot/lockfile/read.ts'

const HASH = `sha512-${'A'.repeat(86)}==`

const CASES: Readonly<Record<string, { path: string; text(): string }>> = {
  'package-lock.json, 30 MB': { path: 'package-lock.json', text: packageLock },
  'yarn.lock, 200,000 lines': { path: 'yarn.lock', text: yarnLock },
  'pnpm-lock.yaml, 200,000 lines': { path: 'pnpm-lock.yaml', text: pnpmLock },
  'Cargo.lock, 5,000 crates': { path: 'Cargo.lock', text: cargoLock },
  'poetry.lock, 5,000 packages': { path: 'poetry.lock', text: poetryLock },
  'uv.lock, 5,000 packages': { path: 'uv.lock', text: uvLock },
  'go.sum, 200,000 lines': { path: 'go.sum', text: goSum },
}

function packageLock(): string {
  const packages: Record<string, object> = { '': { name: 'app', dependencies: { p0: '^1.0.0' } } }
  for (let index = 0; index < 88_000; index++) {
    packages[`node_modules/p${index}`] = {
      version: '1.0.0',
      resolved: `https://registry.example/p${index}/-/p${index}-1.0.0.tgz`,
      integrity: HASH,
      license: 'MIT',
      dependencies: { p0: '^1.0.0' },
    }
  }
  return JSON.stringify({ lockfileVersion: 3, packages }, null, 2)
}

function yarnLock(): string {
  const entries = Array.from(
    { length: 33_333 },
    (_, index) =>
      `p${index}@^1.0.0:\n  version "1.0.0"\n  resolved "https://registry.example/p${index}/-/p${index}-1.0.0.tgz#${'a'.repeat(40)}"\n  integrity ${HASH}\n  dependencies:\n    p0 "^1.0.0"\n`,
  )
  return entries.join('\n')
}

function pnpmLock(): string {
  const entries = Array.from(
    { length: 50_000 },
    (_, index) => `  p${index}@1.0.0:\n    resolution: {integrity: ${HASH}}\n    engines: {node: '>=18'}\n`,
  )
  return `lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      p0:\n        specifier: ^1.0.0\n        version: 1.0.0\n\npackages:\n\n${entries.join('\n')}`
}

function cargoLock(): string {
  const entries = Array.from(
    { length: 5_000 },
    (_, index) =>
      `[[package]]\nname = "p${index}"\nversion = "1.0.0"\nsource = "registry+https://registry.example"\nchecksum = "${'a'.repeat(64)}"\n`,
  )
  return `version = 4\n\n${entries.join('\n')}`
}

/** Each with twenty wheels, as packages with native code have. */
function poetryLock(): string {
  const entries = Array.from({ length: 5_000 }, (_, index) => {
    const files = wheels(index).map(file => `    {file = "${file}", hash = "sha256:${'a'.repeat(64)}"},\n`)
    return `[[package]]\nname = "p${index}"\nversion = "1.0.0"\ndescription = ""\noptional = false\npython-versions = ">=3.10"\nfiles = [\n${files.join('')}]\n\n[package.dependencies]\np0 = ">=1"\n`
  })
  return `${entries.join('\n')}\n[metadata]\nlock-version = "2.1"\npython-versions = ">=3.10"\n`
}

function uvLock(): string {
  const entries = Array.from({ length: 5_000 }, (_, index) => {
    const files = wheels(index).map(
      file => `    { url = "https://files.example/${file}", hash = "sha256:${'a'.repeat(64)}", size = 1000 },\n`,
    )
    return `[[package]]\nname = "p${index}"\nversion = "1.0.0"\nsource = { registry = "https://registry.example/simple" }\ndependencies = [\n    { name = "p0" },\n]\nwheels = [\n${files.join('')}]\n`
  })
  return `version = 1\nrevision = 3\nrequires-python = ">=3.10"\n\n${entries.join('\n')}`
}

function wheels(index: number): string[] {
  return Array.from({ length: 20 }, (_, build) => `p${index}-1.0.0-cp3${build}-cp3${build}-manylinux_2_28_x86_64.whl`)
}

function goSum(): string {
  const hash = `h1:${'A'.repeat(43)}=`
  return Array.from(
    { length: 100_000 },
    (_, index) => `h.example/owner/m${index} v1.0.0 ${hash}\nh.example/owner/m${index} v1.0.0/go.mod ${hash}\n`,
  ).join('')
}

const wanted = process.argv[2]
if (wanted === undefined) {
  // Each in a process of its own, so that peak memory is that of one file.
  for (const name of Object.keys(CASES)) {
    await new Promise(done => fork(fileURLToPath(import.meta.url), [name]).once('exit', done))
  }
} else measure(wanted)

function measure(name: string): void {
  const found = CASES[name]
  if (found === undefined) throw new Error(`no such case: ${name}`)
  const text = found.text()
  const lines = text.split('\n').length
  const before = process.cpuUsage()
  const start = performance.now()
  const read = readLockfile({ path: found.path, text, mode: '100644', oid: '' })
  const milliseconds = Math.round(performance.now() - start)
  const used = process.cpuUsage(before)
  const processor = Math.round((used.user + used.system) / 1_000)
  const entries = read.ok ? read.lock.entries.length : read.reason
  const peak = Math.round(process.resourceUsage().maxRSS / 1024)
  process.stdout.write(
    `${name.padEnd(32)} ${(text.length / 1e6).toFixed(1)} MB, ${lines} lines, ${entries} entries: ${milliseconds} ms (${processor} ms of processor), peak ${peak} MB\n`,
  )
}
