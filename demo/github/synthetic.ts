import { createHash } from 'node:crypto'
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runGit } from './git-process.ts'

/** A generator of numbers in [0, 1) that gives the same row for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const hex = (text: string, length = 40) => createHash('sha256').update(text).digest('hex').slice(0, length)

function ownFiles(index: number): Record<string, string> {
  const name = `repo-${String(index).padStart(5, '0')}`
  const lock = { name, version: '1.0.0', lockfileVersion: 3, requires: true, packages: { '': { name } } }
  return {
    'package.json': `${JSON.stringify({ name, version: '1.0.0', private: true }, null, 2)}\n`,
    'package-lock.json': `${JSON.stringify(lock, null, 2)}\n`,
    Dockerfile: `FROM node:24@sha256:${hex(name, 64)}\nLABEL name=${name}\nUSER node\nCMD ["node", "src/main.js"]\n`,
    '.github/CODEOWNERS': `* @synthetic/team-${index}\n`,
  }
}

function workflow(name: string, kind: number): string {
  const pin = kind % 3 === 0 ? 'v4' : `${hex(`checkout ${kind}`)} # v4.2.2`
  const permissions = kind % 4 === 0 ? '' : 'permissions:\n  contents: read\n'
  const job = `    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@${pin}\n      - run: npm ci\n      - run: npm run ${name}-${kind}\n`
  return `name: ${name}\non: [push]\n${permissions}jobs:\n  ${name}:\n${job}`
}

/** Files that companies copy from repository to repository: few kinds of each, so few distinct blobs. */
function sharedFiles(random: () => number): Record<string, string> {
  const kind = (kinds: number) => Math.floor(random() * kinds)
  const weekly = kind(2) === 0 ? 'weekly' : 'daily'
  return {
    '.github/workflows/ci.yml': workflow('test', kind(60)),
    '.github/workflows/release.yml': workflow('release', kind(30)),
    '.github/dependabot.yml': `version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: /\n    schedule:\n      interval: ${weekly}\n`,
    'SECURITY.md': `# Security\n\nWrite to security-${kind(5)}@synthetic.example.\n`,
  }
}

/** Source files, which no crawl should read. */
function otherFiles(index: number): Record<string, string> {
  return {
    'README.md': `# repo-${index}\n`,
    'src/main.js': `console.log(${index})\n`,
    'src/lib/answer.js': 'export const answer = 42\n',
    'docs/index.md': '# Docs\n',
  }
}

const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`

function* stream(repos: number, seed: number): Generator<string> {
  const random = randomFrom(seed)
  const marks = new Map<string, number>()
  for (let index = 0; index < repos; index += 1) {
    const files = { ...ownFiles(index), ...sharedFiles(random), ...otherFiles(index) }
    const lines: string[] = []
    const changes = Object.entries(files).map(([path, text]) => {
      const known = marks.get(text)
      const mark = known ?? repos + marks.size + 1
      if (known === undefined) {
        marks.set(text, mark)
        lines.push(`blob\nmark :${mark}\n${data(text)}`)
      }
      return `M 100644 :${mark} ${path}\n`
    })
    const when = 1_767_225_600 + Math.floor(random() * 20_000_000)
    lines.push('reset refs/heads/synthetic\n\n')
    lines.push(
      `commit refs/heads/synthetic\nmark :${index + 1}\ncommitter Robin <robin@synthetic.example> ${when} +0000\n`,
    )
    lines.push(data(`Start repository ${index}\n`), ...changes, '\n')
    yield lines.join('')
  }
}

/**
 * Makes one bare repository with `repos` namespaces, `repo-00000` on, each of twelve files, eight of which a crawl
 * reads; about half of those blobs are distinct over all. The same seed gives the same objects.
 */
export async function makeSynthetic(dir: string, options: { repos: number; seed?: number }): Promise<void> {
  mkdirSync(dir, { recursive: true })
  await runGit(['init', '--quiet', '--bare', '--initial-branch=main', dir])
  const marks = join(dir, 'synthetic-marks')
  const args = [`--git-dir=${dir}`, 'fast-import', '--quiet', '--force', '--depth=0', `--export-marks=${marks}`]
  await runGit(args, stream(options.repos, options.seed ?? 1))
  // Refs are written as one packed file: ten thousand loose ones would take longer than all the objects.
  const refs = readFileSync(marks, 'utf8')
    .split('\n')
    .map(line => line.split(' '))
    .map(([mark = '', oid = '']) => ({ index: Number(mark.slice(1)) - 1, oid }))
    .filter(({ index, oid }) => oid !== '' && index < options.repos)
    .sort((a, b) => a.index - b.index)
    .flatMap(({ index, oid }) => {
      const namespace = `refs/namespaces/repo-${String(index).padStart(5, '0')}`
      return [`${oid} ${namespace}/HEAD`, `${oid} ${namespace}/refs/heads/main`]
    })
  appendFileSync(join(dir, 'packed-refs'), `# pack-refs with: peeled fully-peeled sorted \n${refs.join('\n')}\n`)
}

/** Pushes a commit to each of the first `repos` repositories: another workflow, and nothing else. */
export async function pushSynthetic(
  dir: string,
  { repos, round = 0 }: { repos: number; round?: number },
): Promise<void> {
  const names = Array.from({ length: repos }, (_, index) => `refs/namespaces/repo-${String(index).padStart(5, '0')}`)
  const marks = join(dir, 'pushed-marks')
  const heads = (await runGit([`--git-dir=${dir}`, 'rev-parse', ...names.map(name => `${name}/refs/heads/main`)]))
    .toString('utf8')
    .split('\n')
  // Later than anything that the seed made.
  const commits = names.map((_, index) => {
    const workflow = data(
      `name: lint\non: [push]\njobs:\n  lint:\n    runs-on: ubuntu-latest\n    steps: [{run: "echo ${index + round * repos}"}]\n`,
    )
    return [
      `reset refs/heads/pushed\n\ncommit refs/heads/pushed\nmark :${index + 1}\n`,
      `committer Robin <robin@synthetic.example> ${1_790_000_000 + round * 3_600 + index} +0000\n${data('Lint\n')}from ${heads[index]}\n`,
      `M 100644 inline .github/workflows/lint.yml\n${workflow}\n`,
    ].join('')
  })
  await runGit([`--git-dir=${dir}`, 'fast-import', '--quiet', '--force', `--export-marks=${marks}`], commits)
  const oids = new Map(
    readFileSync(marks, 'utf8')
      .split('\n')
      .map(line => line.split(' '))
      .map(([mark = '', oid = '']) => [Number(mark.slice(1)) - 1, oid]),
  )
  const updates = names.flatMap((name, index) =>
    ['HEAD', 'refs/heads/main'].map(ref => `update ${name}/${ref} ${oids.get(index)}\n`),
  )
  await runGit([`--git-dir=${dir}`, 'update-ref', '--stdin'], updates)
  // Whoever serves the folder looks at every loose ref again and again.
  await runGit([`--git-dir=${dir}`, 'pack-refs', '--all'])
}
