import { spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** A running PostgreSQL of our own. `url` names a database on it. */
export type Cluster = { url(database: string): string }

/** The folder of PostgreSQL's server programs, the newest where there are several; null where there are none. */
export function serverPrograms(): string | null {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  const folders = [
    ...versions.map(version => join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ]
  return folders.find(folder => ['initdb', 'pg_ctl', 'postgres'].every(name => existsSync(join(folder, name)))) ?? null
}

/** Makes a cluster in `folder`/cluster and starts it, reachable by a socket in that folder alone. */
export function startCluster(programs: string, folder: string): Cluster {
  const user = unprivileged()
  mkdirSync(folder, { recursive: true })
  if (user !== null) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'cluster')
  run(programs, 'initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'])
  run(programs, 'pg_ctl', starting(folder))
  return cluster(folder)
}

/** Ends it as a machine that fails would, and starts it again on what it had written. */
export function restartCluster(programs: string, folder: string): void {
  stopCluster(programs, folder)
  run(programs, 'pg_ctl', starting(folder))
}

function starting(folder: string): string[] {
  const settings = `-c listen_addresses= -c unix_socket_directories=${folder} -c fsync=off -c max_connections=200`
  return ['-D', join(folder, 'cluster'), '-l', join(folder, 'log'), '-w', '-o', settings, 'start']
}

/** The cluster that `startCluster` started in this folder. */
export function cluster(folder: string): Cluster {
  return { url: database => `postgresql://postgres@localhost/${database}?host=${encodeURIComponent(folder)}` }
}

export function stopCluster(programs: string, folder: string): void {
  run(programs, 'pg_ctl', ['-D', join(folder, 'cluster'), '-m', 'immediate', '-w', 'stop'])
}

function run(programs: string, name: string, args: string[]): void {
  const user = unprivileged()
  // Its output must not be a pipe: the server keeps it open, and we would wait for the server to end.
  const result = spawnSync(join(programs, name), args, { stdio: 'ignore', cwd: '/', ...user })
  if (result.status !== 0) throw new Error(`${name} ended with ${result.status ?? result.error?.message}`)
}

// PostgreSQL refuses to run as root.
function unprivileged(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null
  const line = readFileSync('/etc/passwd', 'utf8').match(/^nobody:[^:]*:(\d+):(\d+):/m)
  return { uid: Number(line?.[1] ?? 65534), gid: Number(line?.[2] ?? 65534) }
}
