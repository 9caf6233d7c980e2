/** The demo: a pretend GitHub on this machine with an organisation in it, and a year of its history told to the store. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openGitHost } from '#demo/github/git-host.ts'
import { startGitHub } from '#demo/github/server.ts'
import { buildOrg } from '#demo/org/build.ts'
import { demoPolicy } from './demo-policy.ts'
import { demoWaivers, SECURITY } from './demo-waivers.ts'
import { firstFreePort } from './port.ts'
import { replay } from './replay.ts'
import { progressLine, seconds } from './terminal.ts'

/** What the demo was made of; kept, so that a second start shows the same organisation at the same address. */
type Made = { org: string; dates: string[]; port: number }

export type Demo = {
  org: string
  token: string
  apiUrl: string
  webUrl: string
  /** Tells the store every date of the history that it has not seen yet; a stopped replay goes on where it was. */
  replay(databaseUrl: string, signal: AbortSignal): Promise<void>
  stop(): Promise<void>
}

// The pretend GitHub wants some token, as GitHub does.
const TOKEN = 'demo'

/** Makes the organisation in `dir` unless it is there, and serves it on 127.0.0.1, at the same port as the last time. */
export async function startDemo(dir: string, wishedPort: number): Promise<Demo> {
  const made = readMade(dir) ?? (await make(dir, wishedPort))
  const github = await startGitHub({
    host: await openGitHost(join(dir, 'repositories'), made.org, { changes: false }),
    port: made.port,
  })
  const dates = made.dates.map(date => new Date(date))
  return {
    org: made.org,
    token: TOKEN,
    apiUrl: github.apiUrl,
    webUrl: github.url,
    stop: () => github.stop(),
    replay: async (databaseUrl, signal) => {
      const line = progressLine('Replaying a year of the demo organisation')
      const started = performance.now()
      const { apiUrl, setNow } = github
      const end = dates.at(-1) ?? new Date()
      const [policy, waivers] = [demoPolicy(end, SECURITY), demoWaivers(end, new Date())]
      const onDate: typeof waivers = async (db, orgId, date) => {
        await policy(db, orgId, date)
        await waivers(db, orgId, date)
      }
      const target = { apiUrl, token: TOKEN, org: made.org }
      const looked = await replay({ databaseUrl, ...target, dates, setNow, onDate, signal, progress: line.show })
      if (looked > 0) line.end(`took ${seconds(started)}.`)
    },
  }
}

function readMade(dir: string): Made | null {
  const path = join(dir, 'made.json')
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Made) : null
}

async function make(dir: string, port: number): Promise<Made> {
  const place = join(dir, 'repositories')
  // What a killed start left behind is half an organisation.
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(place, { recursive: true })
  const { org, dates } = await buildOrg(place, { end: new Date() })
  const made = { org, dates: dates.map(date => date.toISOString()), port: await firstFreePort(portsFrom(port)) }
  writeFileSync(join(dir, 'made.json.new'), JSON.stringify(made))
  renameSync(join(dir, 'made.json.new'), join(dir, 'made.json'))
  return made
}

function portsFrom(first: number): number[] {
  return Array.from({ length: 50 }, (_, index) => first + index).filter(port => port < 65_536)
}
