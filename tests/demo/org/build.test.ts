import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseDocument } from 'yaml'
import { readSidecar } from '#demo/github/sidecar.ts'
import { buildOrg } from '#demo/org/build.ts'
import { calendarUntil, WEEKS } from '#demo/org/calendar.ts'
import { COMPANY } from '#demo/org/company/company.ts'
import { type PlannedCommit, planHistory } from '#demo/org/history.ts'
import { CHECKS } from '#lib/checks/index.ts'
import { snapshotOfFolder } from '#lib/crawl/folder-source.ts'
import { defaultPolicy } from '#lib/policy/policy.ts'
import { scan } from '#lib/scan.ts'
import { snapshotOf } from '../../snapshot-of.ts'

const END = new Date('2026-11-20T12:00:00Z')
const run = promisify(execFile)

type Sidecar = {
  org: string
  repositories: Record<
    string,
    {
      id: number
      archived: boolean
      fork: boolean
      releases: { tag: string; publishedAt: string; attested: boolean; assets: { name: string }[] }[]
      history: { date: string; commit: string }[]
    }
  >
}

let dir: string
let dates: Date[]
let tookMs: number
let sidecar: Sidecar

async function build(into: string): Promise<Sidecar> {
  ;({ dates } = await buildOrg(into, { end: END }))
  return JSON.parse(await readFile(join(into, 'plumbline.json'), 'utf8'))
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'plumbline-org-'))
  const began = performance.now()
  sidecar = await build(join(dir, 'one'))
  tookMs = performance.now() - began
}, 60_000)

afterAll(() => rm(dir, { recursive: true, force: true }))

describe('the demo organisation', () => {
  test('is written in seconds', () => {
    expect(tookMs).toBeLessThan(30_000)
  })

  test('has at least forty repositories, among them an archived one, a fork and an empty one', () => {
    const all = Object.values(sidecar.repositories)
    expect(all.length).toBeGreaterThanOrEqual(40)
    expect(all.some(one => one.archived)).toBe(true)
    expect(all.some(one => one.fork)).toBe(true)
    expect(all.some(one => one.history.length === 0)).toBe(true)
    expect(new Set(all.map(one => one.id)).size).toBe(all.length)
  })

  test('has a year of changes that can be replayed quickly', () => {
    const commits = Object.values(sidecar.repositories).flatMap(one => one.history)
    expect(commits.length).toBeGreaterThanOrEqual(250)
    expect(commits.length).toBeLessThanOrEqual(350)
    expect(dates.length).toBeLessThanOrEqual(120)
    expect(dates).toEqual(dates.toSorted((a, b) => a.getTime() - b.getTime()))
    expect(dates.at(-1)?.getTime()).toBeLessThanOrEqual(END.getTime())
    expect(END.getTime() - (dates[0]?.getTime() ?? 0)).toBeGreaterThan(350 * 86_400_000)
  })

  test('tells each history in ascending order', () => {
    for (const [name, { history }] of Object.entries(sidecar.repositories)) {
      const moments = history.map(({ date }) => Date.parse(date))
      expect(moments, name).toEqual(moments.toSorted((a, b) => a - b))
    }
  })

  test('gives the same commits for the same end', async () => {
    expect(await build(join(dir, 'two'))).toEqual(sidecar)
  }, 60_000)

  test('holds sound repositories whose head is the newest of their history', async () => {
    for (const [name, { history }] of Object.entries(sidecar.repositories)) {
      const git = ['--git-dir', join(dir, 'one', `${name}.git`)]
      const { stderr } = await run('git', [...git, 'fsck', '--full', '--strict', '--no-progress'])
      expect(stderr.replace(/^notice: .*$/gm, '').trim(), name).toBe('')
      if (history.length === 0) continue
      const { stdout } = await run('git', [...git, 'rev-parse', 'HEAD'])
      expect(stdout.trim(), name).toBe(history.at(-1)?.commit)
    }
  }, 60_000)

  test('has every ecosystem', async () => {
    const paths: string[] = []
    for (const [name, { history }] of Object.entries(sidecar.repositories)) {
      if (history.length === 0) continue
      const { stdout } = await run('git', [
        '--git-dir',
        join(dir, 'one', `${name}.git`),
        'ls-tree',
        '-r',
        '--name-only',
        'HEAD',
      ])
      paths.push(...stdout.trimEnd().split('\n'))
    }
    const names = new Set(paths.map(path => path.slice(path.lastIndexOf('/') + 1)))
    const wanted = [
      'package-lock.json',
      'pnpm-lock.yaml',
      'yarn.lock',
      'uv.lock',
      'poetry.lock',
      'requirements.txt',
      'go.sum',
      'Cargo.lock',
      'Gemfile.lock',
      'pom.xml',
      'verification-metadata.xml',
      'packages.lock.json',
      'Dockerfile',
      'deployment.yaml',
      '.terraform.lock.hcl',
      'dependabot.yml',
      'renovate.json',
    ]
    expect(wanted.filter(name => !names.has(name))).toEqual([])
  })

  // The demo is where a visitor meets each check first; settings are told by the pretend GitHub alone.
  test('has for every check that files decide a repository that passes and one that fails', async () => {
    const outcomes = new Map(CHECKS.map(({ id }) => [id, new Set<string>()]))
    for (const [name, { history }] of Object.entries(sidecar.repositories)) {
      if (history.length === 0) continue
      const snapshot = await snapshotOfFolder(join(dir, 'one', `${name}.git`), defaultPolicy.leftOut)
      for (const { id, outcome } of scan(snapshot, CHECKS, defaultPolicy, END).checks) outcomes.get(id)?.add(outcome)
    }
    const missing = CHECKS.filter(({ item }) => item !== 'settings').flatMap(({ id }) =>
      ['pass', 'fail'].filter(one => !outcomes.get(id)?.has(one)).map(one => `${id}: ${one}`),
    )
    expect(missing).toEqual([])
  }, 60_000)

  // The overview compares with thirty days ago; the year ends at most thirteen days before that it is looked at.
  test('moves scores both ways in the last three weeks, so that the first page always has something to tell', () => {
    const calendar = calendarUntil(END)
    const since = calendar.start.getTime() + (WEEKS - 3) * 7 * 86_400_000 - 86_400_000
    const scoreOf = (commit: PlannedCommit | undefined) =>
      commit === undefined ? null : scan(snapshotOf(commit.files), CHECKS, defaultPolicy, END).score
    const changes = COMPANY.flatMap(repository => {
      const commits = planHistory(repository, calendar)
      if (commits.every(({ date }) => date.getTime() <= since)) return []
      const before = scoreOf(commits.findLast(({ date }) => date.getTime() <= since))
      const now = scoreOf(commits.at(-1))
      return before === null || now === null ? [] : [now - before]
    })
    expect(changes.filter(change => change >= 1).length).toBeGreaterThanOrEqual(3)
    expect(changes.filter(change => change <= -1).length).toBeGreaterThanOrEqual(2)
  })

  test('writes workflows and update configurations that are YAML at every commit', () => {
    const calendar = calendarUntil(END)
    const wrong = COMPANY.flatMap(repository => planHistory(repository, calendar)).flatMap(({ files }) =>
      Object.entries(files).filter(([path, text]) => /\.ya?ml$/.test(path) && parseDocument(text).errors.length > 0),
    )
    expect(wrong).toEqual([])
  })

  test('has a sidecar that the pretend GitHub reads', () => {
    expect(Object.keys(readSidecar(join(dir, 'one')).repositories)).toHaveLength(COMPANY.length)
  })

  test('signs releases from some month on', () => {
    const releases = sidecar.repositories['deploy-cli']?.releases ?? []
    expect(releases[0]?.attested).toBe(false)
    expect(releases.at(-1)?.attested).toBe(true)
    expect(releases.at(-1)?.assets.map(({ name }) => name)).toContain('checksums.txt.sigstore.json')
  })
})
