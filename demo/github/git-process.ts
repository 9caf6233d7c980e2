import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'

/** Settings every git process gets: served folders may belong to another user, and must be fetchable in every way. */
const SETTINGS: readonly (readonly [string, string])[] = [
  ['safe.directory', '*'],
  ['uploadpack.allowFilter', 'true'],
  ['uploadpack.allowAnySHA1InWant', 'true'],
  ['http.receivepack', 'false'],
  ['gc.auto', '0'],
  ['core.fsync', 'none'],
]

/** The environment of a git process: nothing of the person's own git settings gets in. */
function environment(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const settings = SETTINGS.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ])
  return {
    // A child process needs the PATH that git is found on.
    PATH: process.env.PATH,
    HOME: '/nonexistent',
    LANG: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_COUNT: String(SETTINGS.length),
    ...Object.fromEntries(settings),
    ...extra,
  } as NodeJS.ProcessEnv
}

/** Starts git with pipes on all three streams. */
export function spawnGit(
  args: readonly string[],
  extra: Readonly<Record<string, string>> = {},
): ChildProcessWithoutNullStreams {
  return spawn('git', args, { stdio: 'pipe', env: environment(extra) })
}

/** Runs git to its end with `input` on its standard input; a non-zero exit throws with what git said. */
export async function runGit(args: readonly string[], input?: Iterable<string | Buffer>): Promise<Buffer> {
  const child = spawnGit(args)
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  // A git that ends early closes the pipe; its exit status says why.
  child.stdin.on('error', () => undefined)
  for (const part of input ?? []) {
    if (!child.stdin.write(part)) await Promise.race([new Promise(done => child.stdin.once('drain', done)), ended])
  }
  child.stdin.end()
  const status = await ended
  if (status !== 0) throw new Error(`git ${args.join(' ')} ended with ${status}: ${Buffer.concat(err)}`)
  return Buffer.concat(out)
}
