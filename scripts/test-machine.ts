import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { serverPrograms } from '#tests/postgres-cluster.ts'

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The path of the system's Chromium, installed where we may; null where Playwright's own is used, which this fetches. */
export function installChromium(): string | null {
  const present = findProgram(BROWSERS)
  if (present !== null) return present
  if (installDebianPackages(['chromium'])) return findProgram(BROWSERS)
  const run = spawnSync(process.execPath, ['node_modules/@playwright/test/cli.js', 'install', 'chromium'], {
    stdio: 'inherit',
  })
  if (run.status !== 0) console.log('Chromium could not be installed; the tests in the browser will fail.')
  return null
}

/** Whether the binaries of a PostgreSQL server are here, installed where we may. The tests start a cluster of their own. */
export function installPostgres(): boolean {
  if (serverPrograms() !== null) return true
  return installDebianPackages(['postgresql']) && serverPrograms() !== null
}

// Only root may install, and only a Debian has apt; anybody else gets what can be had without rights.
function installDebianPackages(names: readonly string[]): boolean {
  if (process.getuid?.() !== 0 || findProgram(['apt-get']) === null) return false
  console.log(`Installing Debian's ${names.join(' and ')} …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const update = spawnSync('apt-get', ['update', '--quiet', '--quiet'], { stdio: 'inherit', env })
  if (update.status !== 0) return false
  const install = ['install', '--yes', '--quiet', '--quiet', '--no-install-recommends', ...names]
  return spawnSync('apt-get', install, { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0
}

function findProgram(names: readonly string[]): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const paths = names.flatMap(name => folders.map(folder => join(folder, name)))
  return paths.find(isExecutable) ?? null
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
