/** Plumbline as a security team runs it: people sign in at a (pretend) GitHub, whose organisation is crawled. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openGitHost } from '../../demo/github/git-host.ts'
import type { Person } from '../../demo/github/people.ts'
import { type PretendGitHub, startGitHub } from '../../demo/github/server.ts'
import { bareRepository } from '../demo/github/made-repository.ts'
import { PLANTED } from '../planted.ts'
import { answering } from './pages.ts'

export const SECRETS = { token: PLANTED.installation, clientSecret: PLANTED.clientSecret, own: PLANTED.own }

export const PEOPLE: readonly Person[] = [
  { id: 11, login: 'ada', name: 'Ada Lovelace', member: true, sees: ['vault'], writes: ['vault'] },
  { id: 12, login: 'grace', name: 'Grace Hopper', member: true, sees: [], writes: ['web'] },
  { id: 13, login: 'eve', name: 'Eve', member: false, sees: [] },
]

const WORKFLOW = 'on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: actions/checkout@v4\n'

export type SignedInStack = {
  url: string
  github: PretendGitHub
  /** Where its repositories lie, to push to. */
  repositories: string
  /** Everything that the processes printed so far. */
  output(): string
  /** The path of the first owner's link that was printed. */
  claimPath(): Promise<string>
  stop(): Promise<void>
}

/** What a public repository `hostile` holds beside the others. */
export type Hostile = { branch: string; path: string; text: string }

/** Needs the pages to be built; `port` and the next one must be free. Without a database it starts one of its own. `set`: more variables. */
export async function startSignedIn(
  port: number,
  {
    databaseUrl,
    hostile = [],
    set = {},
  }: { databaseUrl?: string; hostile?: readonly Hostile[]; set?: Readonly<Record<string, string>> } = {},
): Promise<SignedInStack> {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-door-'))
  const repositories = join(folder, 'repositories')
  const facts: Record<string, { id: number; visibility: string }> = {}
  for (const [index, name] of ['web', 'vault', 'ledger'].entries()) {
    await bareRepository(repositories, name, [
      { date: '2026-01-01T00:00:00Z', files: { '.github/workflows/ci.yml': WORKFLOW, 'README.md': `${name}\n` } },
    ])
    facts[name] = { id: 501 + index, visibility: name === 'web' ? 'public' : 'private' }
  }
  for (const { branch, path, text } of hostile) {
    await bareRepository(repositories, 'hostile', [{ date: '2026-01-01T00:00:00Z', files: { [path]: text } }], branch)
    facts.hostile = { id: 601, visibility: 'public' }
  }
  writeFileSync(join(repositories, 'plumbline.json'), JSON.stringify({ org: 'acme', repositories: facts }))
  const people = PEOPLE.map(person => ({ ...person }))
  const github = await startGitHub({ host: await openGitHost(repositories, 'acme'), people })
  const url = `http://127.0.0.1:${port}`
  const program = ['scripts/start.ts', '--no-build', '--port', String(port), '--data', join(folder, 'data')]
  const { DATABASE_URL: _, ...env } = process.env
  const start = spawn(process.execPath, program, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...env,
      ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
      GITHUB_TOKEN: SECRETS.token,
      GITHUB_ORG: 'acme',
      GITHUB_API_URL: github.apiUrl,
      GITHUB_CLIENT_ID: 'client',
      GITHUB_CLIENT_SECRET: SECRETS.clientSecret,
      PLUMBLINE_SECRET: SECRETS.own,
      PLUMBLINE_BADGES: 'on',
      ...set,
    },
  })
  let output = ''
  for (const stream of [start.stdout, start.stderr]) stream.on('data', chunk => (output += chunk))
  const exited = once(start, 'exit')
  const said = async (what: RegExp): Promise<string> => {
    for (;;) {
      const found = what.exec(output)
      if (found) return found[0]
      const more = [once(start.stdout, 'data'), once(start.stderr, 'data')]
      const ended = exited.then(([code]) => {
        throw new Error(`It ended with status ${code}:\n${output}`)
      })
      await Promise.race([...more, ended])
    }
  }
  await said(/Plumbline is at/)
  await answering(`${url}/api/health`, exited)
  return {
    url,
    github,
    repositories,
    output: () => output,
    claimPath: () => said(/\/claim\?token=[\w-]+/),
    stop: async () => {
      start.kill('SIGTERM')
      await exited
      await github.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
