/** `npm run scan -- PATH`: judges a folder or a bare git repository. Exit: 0 scanned, 1 below `--fail-under`, 2 usage, 3 nothing read. */
import { readFileSync } from 'node:fs'
import { styleText } from 'node:util'
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { snapshotOfFolder } from '#lib/crawl/folder-source.ts'
import { AppError, sentenceOf } from '#lib/errors.ts'
import { openJudges } from '#lib/judge/judges.ts'
import { policyFor } from '#lib/policy/document.ts'
import { defaultPolicy, type Policy } from '#lib/policy/policy.ts'
import { readPolicy } from '#lib/policy/read-policy.ts'
import type { ScanReport } from '#lib/scan.ts'
import { pack } from '#lib/snapshot/packed.ts'
import type { Snapshot } from '#lib/snapshot/snapshot.ts'
import { jsonReport, textReport } from './scan-report.ts'

type Options = { json?: true; failUnder?: number; policy?: string }

const BELOW = 1
const USAGE = 2
const NOTHING_READ = 3

async function run(path: string, options: Options): Promise<number> {
  const snapshot = await snapshotOfFolder(path, defaultPolicy.leftOut)
  if (snapshot.tree.length === 0 && snapshot.leftOut.length === 0) {
    throw new AppError(
      'nothing-readable',
      `There is no file in ${path} that could be read.`,
      'Give a folder with files or a repository with a commit.',
    )
  }
  const { report, titles } = await judged(snapshot, options.policy)
  const printed = options.json ? JSON.stringify(jsonReport(report), null, 2) : textReport(report, titles, styleText)
  process.stdout.write(`${printed}\n`)
  if (options.failUnder === undefined || report.score === null || report.score >= options.failUnder) return 0
  process.stderr.write(`The score ${report.score} is below ${options.failUnder}.\n`)
  return BELOW
}

/** In a process of its own, as the worker does it: a folder may be anybody's, and whoever scans it has an environment. */
async function judged(
  snapshot: Snapshot,
  policyFile: string | undefined,
): Promise<{ report: ScanReport; titles: ReadonlyMap<string, string> }> {
  const judges = openJudges({ count: 1 })
  try {
    const { checks } = await judges.checklist()
    const policy =
      policyFile === undefined
        ? defaultPolicy
        : policyOf(
            policyFile,
            checks.map(({ id }) => id),
          )
    const judging = { policy, now: new Date(), inventory: true }
    const { report } = await judges.judge(pack(snapshot), judging)
    return { report, titles: new Map(checks.map(({ id, title }) => [id, title])) }
  } finally {
    await judges.close()
  }
}

/** Of the organisation's part of a policy file; a folder is in no group. */
function policyOf(file: string, checks: readonly string[]): Policy {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new AppError('invalid-input', `The policy ${file} cannot be read.`, 'Name a YAML file.', { cause: error })
  }
  const read = readPolicy(text, checks)
  if ('document' in read) return policyFor({ ...read.document, groups: [] }, NOWHERE)
  const lines = read.problems.map(({ line, sentence }) => `${file}:${line}: ${sentence}`)
  throw new AppError('invalid-input', lines.join('\n'))
}

const NOWHERE = { topics: [], teams: [], visibility: '', properties: {} }

function percent(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value <= 100))
    throw new InvalidArgumentError('Give a number from 0 to 100.')
  return value
}

const program = new Command('scan')
  .description('Judges a folder or a bare git repository by the checklist.')
  .argument('<path>', 'a folder, a git work tree or a bare git repository')
  .option('--json', 'print one JSON object')
  .option('--policy <file>', 'judge by this policy, as written for the organisation')
  .option('--fail-under <score>', 'exit 1 where the score is lower (0 to 100)', percent)
  .exitOverride()
  .action(async (path: string, options: Options) => {
    process.exitCode = await run(path, options)
  })

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : USAGE
  else if (error instanceof AppError) {
    process.stderr.write(`${sentenceOf(error)}\n`)
    process.exitCode = error.code === 'invalid-input' ? USAGE : NOTHING_READ
  } else throw error
}
