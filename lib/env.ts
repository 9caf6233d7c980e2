/** The one place that reads `process.env`. Everything else takes what it needs as an argument. */
import { z } from 'zod'
import { isReadable, withFiles } from './env-files.ts'
import { AppError } from './errors.ts'

const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const

function address(protocols: readonly string[], sentence: string) {
  return z.string().refine(value => {
    const url = URL.parse(value)
    return url !== null && protocols.includes(url.protocol)
  }, sentence)
}

function wholeBetween(from: number, to: number, sentence: string) {
  return z.coerce.number(sentence).int(sentence).min(from, sentence).max(to, sentence)
}

// Many write it without a scheme, as curl takes it.
const proxy = z
  .string()
  .transform(value => (value.includes('://') ? value : `http://${value}`))
  .refine(
    value => /^https?:$/.test(URL.parse(value)?.protocol ?? ''),
    'is not the address of a proxy: write http://proxy.example:3128.',
  )
  .optional()

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
    .transform(value => value.split(/[\s,]+/).filter(name => name !== ''))
    .refine(
      names => names.length > 0 && names.every(name => /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,99})$/.test(name)),
      'is not the name of an organisation: write the part after github.com/, e.g. acme.',
    )
    .optional(),
  GITHUB_API_URL: address(
    ['http:', 'https:'],
    'is not the address of an API: write https://api.github.com or https://HOST/api/v3.',
  )
    .transform(value => value.replace(/\/+$/, ''))
    .default('https://api.github.com'),
  HTTPS_PROXY: proxy,
  HTTP_PROXY: proxy,
  NO_PROXY: z.string().optional(),
  NODE_EXTRA_CA_CERTS: z.string().refine(isReadable, 'names a file that cannot be read.').optional(),
  PORT: wholeBetween(1, 65_535, 'is not a port: write a number from 1 to 65535.').default(3000),
  PLUMBLINE_DATA: z.string().default('.plumbline'),
  PLUMBLINE_CRAWL_MINUTES: z.coerce
    .number('is not a number of minutes: write one from 1 to 10080.')
    .int('is not a whole number of minutes: write one from 1 to 10080.')
    .min(1, 'is too short: write minutes from 1 to 10080.')
    .max(10_080, 'is too long: write minutes from 1 to 10080.')
    .default(15),
  PLUMBLINE_OWNER_PROPERTIES: z
    .string()
    .transform(value => value.split(/[\s,]+/).filter(name => name !== ''))
    .refine(
      names => names.length > 0 && names.every(name => /^[\w$#-]{1,75}$/.test(name)),
      'holds no names of custom properties: write them with commas between, e.g. owner,team.',
    )
    .optional(),
  PLUMBLINE_HOST: z.string().default('127.0.0.1'),
  PLUMBLINE_URL: address(['http:', 'https:'], 'is not an address: write https://plumbline.example.')
    .transform(value => value.replace(/\/+$/, ''))
    .optional(),
  PLUMBLINE_SECRET: z
    .string()
    .transform(value => value.split(/\s+/).filter(word => word !== ''))
    .refine(
      words => words.length > 0 && words.every(word => word.length >= 32),
      'is too short: write at least 32 random characters, e.g. from `openssl rand -base64 33`.',
    )
    .optional(),
  PLUMBLINE_PROXIES: wholeBetween(0, 10, 'is not a number of proxies: write one from 0 to 10.').default(0),
  GITHUB_APP_ID: z
    .string()
    .regex(/^\d+$|^Iv[\w.]+$/, 'is no id of an app: write the number in its settings.')
    .optional(),
  // A PEM file in one line, as some platforms store it, has its line ends written out.
  GITHUB_APP_PRIVATE_KEY: z
    .string()
    .transform(value => value.replaceAll('\\n', '\n'))
    .optional(),
  GITHUB_WEBHOOK_SECRET: z
    .string()
    .transform(value => value.split(/\s+/).filter(word => word !== ''))
    .refine(
      words => words.length > 0 && words.length <= 2,
      'holds one secret, or the new and the old one with a space between.',
    )
    .optional(),
  PLUMBLINE_METRICS_TOKEN: z.string().min(16, 'is too short: write at least 16 characters.').optional(),
  GITHUB_CLIENT_ID: z.string().optional(),
  GITHUB_CLIENT_SECRET: z.string().optional(),
  OIDC_ISSUER: address(
    ['http:', 'https:'],
    'is not the address of a provider: write https://login.example.',
  ).optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  PLUMBLINE_BADGES: z.enum(['on', 'off'], 'is neither on nor off: write one of them.').default('off'),
  PLUMBLINE_INTEGRITY: z.enum(['refuse', 'warn', 'off'], 'is none of refuse, warn, off: write one of them.').optional(),
  PLUMBLINE_INTEGRITY_KEY: z.string().optional(),
  PLUMBLINE_SIGNING_KEY: z.string().optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, `is none of the levels: write one of ${LOG_LEVELS.join(', ')}.`).default('info'),
})

type Set = z.output<typeof variables>

/** What the environment says, checked. Names as in the README's configuration table. */
export type Env = {
  /** null: the embedded database in `dataDirectory`. */
  databaseUrl: string | null
  /** What is crawled, and as whom; null: the demo organisation is. */
  github: { identity: Identity; orgs: readonly string[] } | null
  /** The token alone, for commands that are told the organisation otherwise. */
  githubToken: string | null
  githubApiUrl: string
  /** What requests to other hosts go through, and which hosts they go to directly; null: everything goes out directly. */
  proxy: { https: string | null; http: string | null; except: string } | null
  /** What webhooks are signed with, the newest first; empty: none are taken. */
  webhookSecrets: readonly string[]
  port: number
  dataDirectory: string
  /** Minutes between two polls of the organisation. */
  crawlMinutes: number
  /** Custom properties that say who owns a repository; null: those of `OWNER_PROPERTIES` in lib/crawl/properties.ts. */
  ownerProperties: readonly string[] | null
  logLevel: (typeof LOG_LEVELS)[number]
  /** The interface that the pages listen on; one beyond this machine only with `signIn`. */
  host: string
  /** Where people reach the pages, without a final slash. */
  url: string
  /** Newest first; empty where none is set. Signs cookies and encrypts what is secret at rest. */
  secrets: readonly string[]
  /** null: nobody has to sign in, and only this machine is served. */
  signIn: SignInClients | null
  /** How many proxies of ours stand before the pages and add to `X-Forwarded-For`. */
  proxies: number
  /** Who may read /api/metrics; null: nobody. */
  metricsToken: string | null
  /** Whether everybody may see grade and score of public repositories, as a badge and as JSON. */
  badges: boolean
  /** What becomes of a start with changed files (null: see `lib/integrity.ts`), by whose signature, and what a build signs with. */
  integrity: { mode: 'refuse' | 'warn' | 'off' | null; publicKey: string | null; signingKey: string | null }
}

/** A token that somebody made, or a GitHub App that is installed at each organisation. */
export type Identity = { token: string } | { app: { id: string; privateKey: string } }

/** The clients registered at the providers by which people sign in; at least one is there. */
export type SignInClients = {
  github: { clientId: string; clientSecret: string } | null
  oidc: { clientId: string; clientSecret: string; issuer: string } | null
}

/** Whether a host name or interface is this machine's own, which nobody else can reach. */
export function isLoopback(host: string): boolean {
  return ['127.0.0.1', '::1', '[::1]', 'localhost'].includes(host)
}

/** All of it, for what asks which of several places a value came from. */
export function environment(): Readonly<Record<string, string | undefined>> {
  return process.env
}

/** Reads the environment; every wrong value is one line of the one AppError that it throws. An empty value is unset.
 * `whole` false: before what is kept in the database is known, so that the door is not judged yet. */
export function readEnv(source: Readonly<Record<string, string | undefined>> = process.env, whole = true): Env {
  const set = withFiles(
    Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== '')),
  )
  const parsed = variables.safeParse(set)
  if (!parsed.success) {
    const lines = parsed.error.issues.map(issue => `${issue.path.join('.')} ${issue.message}`)
    throw new AppError('invalid-configuration', lines.join('\n'), 'The README lists every variable.')
  }
  const port = parsed.data.PORT
  const url = parsed.data.PLUMBLINE_URL ?? `http://127.0.0.1:${port}`
  const signIn = signInClients(parsed.data)
  if (whole) refuseOpenDoor({ host: parsed.data.PLUMBLINE_HOST, url, signIn })
  return {
    databaseUrl: parsed.data.DATABASE_URL ?? null,
    github: crawled(parsed.data),
    githubToken: parsed.data.GITHUB_TOKEN ?? null,
    githubApiUrl: parsed.data.GITHUB_API_URL,
    proxy: proxyOf(parsed.data),
    webhookSecrets: parsed.data.GITHUB_WEBHOOK_SECRET ?? [],
    port,
    dataDirectory: parsed.data.PLUMBLINE_DATA,
    crawlMinutes: parsed.data.PLUMBLINE_CRAWL_MINUTES,
    ownerProperties: parsed.data.PLUMBLINE_OWNER_PROPERTIES ?? null,
    logLevel: parsed.data.LOG_LEVEL,
    host: parsed.data.PLUMBLINE_HOST,
    url,
    secrets: parsed.data.PLUMBLINE_SECRET ?? [],
    signIn,
    proxies: parsed.data.PLUMBLINE_PROXIES,
    metricsToken: parsed.data.PLUMBLINE_METRICS_TOKEN ?? null,
    badges: parsed.data.PLUMBLINE_BADGES === 'on',
    integrity: {
      mode: parsed.data.PLUMBLINE_INTEGRITY ?? null,
      publicKey: parsed.data.PLUMBLINE_INTEGRITY_KEY ?? null,
      signingKey: parsed.data.PLUMBLINE_SIGNING_KEY ?? null,
    },
  }
}

function crawled(set: Set): Env['github'] {
  const { GITHUB_TOKEN: token, GITHUB_ORG: orgs, GITHUB_APP_ID, GITHUB_APP_PRIVATE_KEY } = set
  const app = together({ GITHUB_APP_ID, GITHUB_APP_PRIVATE_KEY })
  if (orgs === undefined) {
    // A lone GITHUB_TOKEN is common on developers' machines and says nothing about what they want crawled.
    if (app === null) return null
    throw refused(
      'GITHUB_APP_ID is set, but GITHUB_ORG is not.',
      'Name the organisations that the app is installed at.',
    )
  }
  if (app !== null)
    return { identity: { app: { id: app.GITHUB_APP_ID, privateKey: app.GITHUB_APP_PRIVATE_KEY } }, orgs }
  if (token === undefined) {
    throw refused(
      'GITHUB_ORG is set, but GITHUB_TOKEN is not.',
      'Set both to crawl that organisation, or GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY, or neither to see the demo.',
    )
  }
  return { identity: { token }, orgs }
}

function proxyOf({ HTTPS_PROXY: https, HTTP_PROXY: http, NO_PROXY: except = '' }: Set): Env['proxy'] {
  return https === undefined && http === undefined ? null : { https: https ?? null, http: http ?? null, except }
}

function signInClients(set: Set): SignInClients | null {
  const { GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET, OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET } = set
  const github = together({ GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET })
  const oidc = together({ OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET })
  if (github === null && oidc === null) return null
  if (set.PLUMBLINE_SECRET === undefined) {
    throw refused(
      'People are to sign in, but PLUMBLINE_SECRET is not set.',
      'Set it to at least 32 random characters, e.g. from `openssl rand -base64 33`, and keep it.',
    )
  }
  return {
    github: github && { clientId: github.GITHUB_CLIENT_ID, clientSecret: github.GITHUB_CLIENT_SECRET },
    oidc: oidc && { clientId: oidc.OIDC_CLIENT_ID, clientSecret: oidc.OIDC_CLIENT_SECRET, issuer: oidc.OIDC_ISSUER },
  }
}

/** Variables that only make sense together: all of them, or null where none is set. */
function together<Name extends string>(set: Record<Name, string | undefined>): Record<Name, string> | null {
  const names = Object.keys(set) as Name[]
  const missing = names.filter(name => set[name] === undefined)
  if (missing.length === names.length) return null
  if (missing.length > 0)
    throw refused(`Not set: ${missing.join(', ')}.`, `Set ${names.join(', ')} together, or none of them.`)
  return set as Record<Name, string>
}

/** The pages are the map of an organisation's weaknesses: beyond this machine they are shown to known people alone. */
function refuseOpenDoor({ host, url, signIn }: Pick<Env, 'host' | 'url' | 'signIn'>): void {
  if (!isLoopback(host) && signIn === null) {
    throw refused(
      `PLUMBLINE_HOST is ${host}, which others can reach, and nobody would have to sign in.`,
      'Set GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET, or OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET, with PLUMBLINE_URL and PLUMBLINE_SECRET; or leave PLUMBLINE_HOST out.',
    )
  }
  const { protocol, hostname } = new URL(url)
  if (signIn !== null && protocol === 'http:' && !isLoopback(hostname)) {
    throw refused(
      'PLUMBLINE_URL is http: whoever listens on the network could take over a session.',
      'Put a proxy with TLS before Plumbline and write its https address into PLUMBLINE_URL.',
    )
  }
}

function refused(message: string, hint: string, cause?: unknown): AppError {
  return new AppError('invalid-configuration', message, hint, { cause })
}
