/** The one place that reads `process.env`. Everything else takes what it needs as an argument. */
import { z } from 'zod'
import { AppError } from './errors.ts'

const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const

function address(protocols: readonly string[], sentence: string) {
  return z.string().refine(value => {
    const url = URL.parse(value)
    return url !== null && protocols.includes(url.protocol)
  }, sentence)
}

const variables = z.object({
  DATABASE_URL: address(
    ['postgres:', 'postgresql:'],
    'is not the address of a PostgreSQL database: write postgresql://user:password@host:5432/name.',
  ).optional(),
  GITHUB_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'has white space or other characters that no GitHub token has: copy it again.')
    .optional(),
  GITHUB_ORG: z
    .string()
    .regex(
      /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,99})$/,
      'is not the name of an organisation: write the part after github.com/, e.g. acme.',
    )
    .optional(),
  GITHUB_API_URL: address(
    ['http:', 'https:'],
    'is not the address of an API: write https://api.github.com or https://HOST/api/v3.',
  )
    .transform(value => value.replace(/\/+$/, ''))
    .default('https://api.github.com'),
  PORT: z.coerce
    .number('is not a port: write a number from 1 to 65535.')
    .int('is not a port: write a number from 1 to 65535.')
    .min(1, 'is not a port: write a number from 1 to 65535.')
    .max(65_535, 'is not a port: write a number from 1 to 65535.')
    .default(3000),
  PLUMBLINE_DATA: z.string().default('.plumbline'),
  PLUMBLINE_CRAWL_MINUTES: z.coerce
    .number('is not a number of minutes: write one from 1 to 10080.')
    .int('is not a whole number of minutes: write one from 1 to 10080.')
    .min(1, 'is too short: write minutes from 1 to 10080.')
    .max(10_080, 'is too long: write minutes from 1 to 10080.')
    .default(15),
  LOG_LEVEL: z.enum(LOG_LEVELS, `is none of the levels: write one of ${LOG_LEVELS.join(', ')}.`).default('info'),
})

/** What the environment says, checked. Names as in the README's configuration table. */
export type Env = {
  /** null: the embedded database in `dataDirectory`. */
  databaseUrl: string | null
  /** Both are set, or neither: without them the demo organisation is crawled. */
  github: { token: string; org: string } | null
  /** The token alone, for commands that are told the organisation otherwise. */
  githubToken: string | null
  githubApiUrl: string
  port: number
  dataDirectory: string
  /** Minutes between two polls of the organisation. */
  crawlMinutes: number
  logLevel: (typeof LOG_LEVELS)[number]
}

/** Reads the environment; every wrong value is one line of the one AppError that it throws. An empty value is unset. */
export function readEnv(source: Readonly<Record<string, string | undefined>> = process.env): Env {
  const set = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = variables.safeParse(set)
  if (!parsed.success) {
    const lines = parsed.error.issues.map(issue => `${issue.path.join('.')} ${issue.message}`)
    throw new AppError('invalid-configuration', lines.join('\n'), 'The README lists every variable.')
  }
  const { GITHUB_TOKEN: token, GITHUB_ORG: org } = parsed.data
  if (token === undefined && org !== undefined) {
    throw new AppError(
      'invalid-configuration',
      'GITHUB_ORG is set, but GITHUB_TOKEN is not.',
      'Set both to crawl that organisation, or neither to see the demo.',
    )
  }
  // A lone GITHUB_TOKEN is common on developers' machines and says nothing about what they want crawled.
  return {
    databaseUrl: parsed.data.DATABASE_URL ?? null,
    github: token !== undefined && org !== undefined ? { token, org } : null,
    githubToken: token ?? null,
    githubApiUrl: parsed.data.GITHUB_API_URL,
    port: parsed.data.PORT,
    dataDirectory: parsed.data.PLUMBLINE_DATA,
    crawlMinutes: parsed.data.PLUMBLINE_CRAWL_MINUTES,
    logLevel: parsed.data.LOG_LEVEL,
  }
}
