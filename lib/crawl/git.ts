/** Runs git on untrusted repositories: nothing that the repository configures is executed, nobody is asked anything. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'

// A repository's own settings could name programs (fsmonitor, hooks, credential helpers); none of them may run.
const SAFE = [
  ['safe.directory', '*'],
  ['core.fsmonitor', 'false'],
  ['core.hooksPath', '/dev/null'],
  ['core.askPass', 'true'],
  ['credential.helper', ''],
  ['protocol.ext.allow', 'never'],
  ['gc.auto', '0'],
].flatMap(([key, value]) => ['-c', `${key}=${value}`])

function spawnGit(args: readonly string[]): ChildProcessWithoutNullStreams {
  return spawn('git', ['--no-optional-locks', ...SAFE, ...args])
}

/** What git printed, or null where it ended with an error; throws where git cannot be started. */
export async function git(args: readonly string[], timeoutMs = 120_000): Promise<Buffer | null> {
  const child = spawnGit(args)
  child.stdin.end()
  child.stderr.resume()
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
  const status = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  // Awaited below; without this a failed start would count as unhandled while stdout is read.
  status.catch(() => undefined)
  const chunks: Buffer[] = []
  try {
    for await (const chunk of child.stdout) chunks.push(chunk)
    return (await status) === 0 ? Buffer.concat(chunks) : null
  } finally {
    clearTimeout(timer)
  }
}

/** Every blob asked for, in order, by one `cat-file --batch`; null where the repository does not have it. */
export async function* readBlobs(gitDir: string, oids: readonly string[]): AsyncGenerator<Buffer | null> {
  if (oids.length === 0) return
  const child = spawnGit([`--git-dir=${gitDir}`, 'cat-file', '--batch'])
  child.stderr.resume()
  const failed = new Promise<never>((_, reject) => child.on('error', reject))
  failed.catch(() => undefined)
  // A reader that stops early closes the pipe under the writer; that is no error of its own.
  child.stdin.on('error', () => undefined)
  child.stdin.end(`${oids.join('\n')}\n`)
  try {
    const chunks = child.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>
    let held = Buffer.alloc(0)
    async function more(parts: Buffer[]): Promise<void> {
      const next = await Promise.race([chunks.next(), failed])
      if (next.done === true) throw new Error(`git cat-file ended early in ${gitDir}`)
      parts.push(next.value)
    }
    async function take(length: number): Promise<Buffer> {
      const parts = [held]
      let have = held.length
      while (have < length) {
        await more(parts)
        have += parts.at(-1)?.length ?? 0
      }
      const whole = parts.length === 1 ? held : Buffer.concat(parts)
      held = whole.subarray(length)
      return whole.subarray(0, length)
    }
    for (const _ of oids) {
      let end = held.indexOf(10)
      while (end < 0) {
        const parts = [held]
        await more(parts)
        held = Buffer.concat(parts)
        end = held.indexOf(10)
      }
      const [, , size] = (await take(end + 1)).toString('utf8').trimEnd().split(' ')
      yield size === undefined || !/^\d+$/.test(size) ? null : (await take(Number(size) + 1)).subarray(0, -1)
    }
  } finally {
    child.kill()
  }
}
