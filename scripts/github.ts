/** `npm run github`: serves a folder of bare git repositories as a pretend GitHub, until it is told to stop. */
import { Command, InvalidArgumentError } from 'commander'
import { openGitHost } from '#demo/github/git-host.ts'
import { readScenario } from '#demo/github/scenario.ts'
import { startGitHub } from '#demo/github/server.ts'
import { AppError, sentenceOf } from '#lib/errors.ts'

function wholeNumber(text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw new InvalidArgumentError('Write a whole number.')
}

function portNumber(text: string): number {
  const value = wholeNumber(text)
  if (value <= 65_535) return value
  throw new InvalidArgumentError('Write a number from 0 to 65535.')
}

function dateOf(text: string): Date {
  const date = new Date(text)
  if (!Number.isNaN(date.getTime())) return date
  throw new InvalidArgumentError('Write a date such as 2026-03-01.')
}

type Options = {
  repos: string
  org: string
  port: number
  scenario?: string
  date?: Date
  restLimit: number
  pointLimit: number
}

const program = new Command('github')
  .description('Serves bare git repositories as a pretend GitHub: REST, GraphQL, git and pages, on 127.0.0.1.')
  .requiredOption(
    '--repos <folder>',
    'folder of bare repositories (NAME.git), with plumbline.json beside them if wanted',
  )
  .requiredOption('--org <name>', 'the organisation that they belong to')
  .option('--port <number>', 'port to listen on; 0 takes a free one', portNumber, 4010)
  .option('--scenario <file>', 'JSON file of what goes wrong (see demo/github/scenario.ts)')
  .option('--date <date>', 'the day at which a dated history is seen; today by default', dateOf)
  .option('--rest-limit <number>', 'REST requests that a token has in an hour', wholeNumber, 5000)
  .option('--point-limit <number>', 'GraphQL points that a token has in an hour', wholeNumber, 5000)

async function serve(options: Options): Promise<void> {
  const host = await openGitHost(options.repos, options.org)
  const count = (await host.list()).length
  const github = await startGitHub({
    host,
    port: options.port,
    limits: { rest: options.restLimit, points: options.pointLimit },
    ...(options.scenario === undefined ? {} : { scenario: readScenario(options.scenario) }),
  })
  if (options.date !== undefined) github.setNow(options.date)
  process.stdout.write(`${options.org} with ${count} repositories: ${github.url}\n`)
  process.stdout.write(`GITHUB_API_URL=${github.apiUrl} GITHUB_ORG=${options.org} GITHUB_TOKEN=any-token\n`)
  const stop = () => void github.stop()
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}

try {
  await serve(program.parse().opts<Options>())
} catch (error) {
  if (!(error instanceof AppError)) throw error
  process.stderr.write(`${sentenceOf(error)}\n`)
  process.exitCode = 2
}
