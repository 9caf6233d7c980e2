/** What jobs that publish or deploy show to get in: a secret that lasts, or an identity of the run (OIDC). */
import { type Call, callsOf, fileOfStep, isCommand, onceForUnit, type Unit } from '../commands.ts'
import type { Place } from '../lines.ts'
import type { Snapshot } from '../snapshot.ts'
import { childOf, entryOf } from '../yaml.ts'
import { isTrustedPublisher } from './npm-provenance.ts'
import { type PublishStep, publishStepsOf } from './publish.ts'
import { mayWrite } from './same-run.ts'

/** Who lets workflows in by OIDC. Others (Docker Hub, Maven Central) have no such way and are not asked about. */
export type Provider = 'aws' | 'azure' | 'google' | 'npm' | 'pypi' | 'crates' | 'rubygems' | 'nuget'

/** `name`: the input, variable or word that holds it. `place`: where that is written. */
export type Credential = { provider: Provider; lasts: boolean; name: string; place: Place; call: Call; unit: Unit }

export function credentialsOf(repo: Snapshot, unit: Unit): Credential[] {
  const clouds = callsOf(unit).flatMap(call => ofCloud(repo, unit, call))
  const registries = publishStepsOf(repo)
    .filter(step => step.unit === unit)
    .flatMap(step => ofRegistry(repo, step) ?? [])
  return [...clouds, ...registries]
}

/** The name of a secret in a value. GitHub's own token ends with the job. */
export function secretIn(value: string): string | null {
  const found = /\bsecrets(?:\.|\[['"])(\w+)/g
  return [...value.matchAll(found)].map(([, name = '']) => name).find(name => !/^GITHUB_TOKEN$/i.test(name)) ?? null
}

type Login = { action: RegExp; provider: Provider; lasting: readonly string[]; oidc: readonly string[] }

const LOGINS: readonly Login[] = [
  {
    action: /^aws-actions\/configure-aws-credentials$/,
    provider: 'aws',
    lasting: ['aws-secret-access-key', 'aws-access-key-id'],
    oidc: ['role-to-assume', 'web-identity-token-file'],
  },
  { action: /^azure\/(?:login|aks-set-context)$/, provider: 'azure', lasting: ['creds'], oidc: ['client-id'] },
  { action: /^azure\/(?:webapps-deploy|functions-action)$/, provider: 'azure', lasting: ['publish-profile'], oidc: [] },
  {
    action: /^google-github-actions\/(?:auth|setup-gcloud|deploy-[\w-]+)$/,
    provider: 'google',
    lasting: ['credentials_json', 'credentials', 'service_account_key'],
    oidc: ['workload_identity_provider'],
  },
]

/** How other actions that deploy to AWS call it. */
const AWS_KEY_INPUT = /^aws[-_]secret(?:[-_]access)?[-_]key$/

const CLOUD_VARIABLES: readonly [RegExp, Provider][] = [
  [/(?:^|_)AWS_SECRET(?:_ACCESS)?_KEY$/, 'aws'],
  [/^(?:AZURE_CREDENTIALS|AZURE_CLIENT_SECRET|ARM_CLIENT_SECRET|AZURE_PASSWORD)$/, 'azure'],
  [
    /^(?:GOOGLE_CREDENTIALS|GOOGLE_APPLICATION_CREDENTIALS(?:_JSON)?|GCP_SA_KEY|GCLOUD_SERVICE_KEY|GCP_CREDENTIALS)$/,
    'google',
  ],
]

/** Registries of the clouds, by the form of their hosts. */
const CLOUD_REGISTRIES: readonly [RegExp, Provider][] = [
  [/\.dkr\.ecr\.|^public\.ecr\./, 'aws'],
  [/\.azurecr\./, 'azure'],
  [/-docker\.pkg\.dev$|^(?:\w+\.)?gcr\./, 'google'],
]

const namesEndpoint = onceForUnit(({ commands }) =>
  commands.some(({ argv }) => argv.some(word => word.startsWith('--endpoint-url'))),
)

function ofCloud(repo: Snapshot, unit: Unit, call: Call): Credential[] {
  const found: Credential[] = []
  const add = (provider: Provider, name: string, lasts: boolean, place: Place) =>
    found.push({ provider, lasts, name, place, call, unit })
  if (!isCommand(call)) {
    const { name, inputs } = call
    const login = LOGINS.find(({ action }) => action.test(name))
    const isTemporary = (inputs.get('aws-session-token') ?? '') !== ''
    const lasting = login?.lasting.find(input => secretIn(inputs.get(input) ?? '') !== null)
    const oidc = login?.oidc.find(input => (inputs.get(input) ?? '') !== '')
    if (login && lasting && !isTemporary) add(login.provider, lasting, true, inputPlace(call, lasting))
    else if (login && oidc) add(login.provider, oidc, false, inputPlace(call, oidc))
    const key = login ? undefined : [...inputs.keys()].find(input => AWS_KEY_INPUT.test(input))
    if (key && secretIn(inputs.get(key) ?? '') !== null) add('aws', key, true, inputPlace(call, key))
    if (name === 'docker/login-action') {
      const provider = CLOUD_REGISTRIES.find(([host]) => host.test(inputs.get('registry') ?? ''))?.[1]
      const lasts = secretIn(inputs.get('password') ?? '') !== null
      if (provider) add(provider, 'password', lasts, inputPlace(call, lasts ? 'password' : 'registry'))
    }
  }
  // Other stores speak the protocol of AWS, and have no OIDC.
  const isElsewhere =
    [...call.env].some(
      ([name, value]) =>
        /^AWS_ENDPOINT_URL/.test(name) || /\b\w*(?:R2|MINIO|SPACES|B2|WASABI)_/i.test(secretIn(value) ?? ''),
    ) || namesEndpoint(unit, repo)
  for (const [name, value] of call.env) {
    const provider = CLOUD_VARIABLES.find(([variable]) => variable.test(name))?.[1]
    if (
      !provider ||
      secretIn(value) === null ||
      (provider === 'aws' && (isElsewhere || call.env.has('AWS_SESSION_TOKEN')))
    )
      continue

    add(provider, name, true, variablePlace(unit, call, name))
  }
  return found
}

const REGISTRY_VARIABLES: Partial<Record<PublishStep['to'], RegExp>> = {
  npm: /^(?:NODE_AUTH_TOKEN|(?:NPM|YARN)\w*TOKEN)$/,
  pypi: /^(?:TWINE|UV_PUBLISH|POETRY|MATURIN|HATCH|FLIT|PDM|PYPI)\w*(?:PASSWORD|TOKEN|AUTH|KEY)\w*$/,
  crates: /^CARGO_REGISTR(?:Y|IES)\w*TOKEN$|^CRATES?_(?:IO_)?TOKEN$/,
  rubygems: /^(?:GEM_HOST|RUBYGEMS)\w*(?:KEY|TOKEN)$/,
  nuget: /^\w*NUGET\w*(?:KEY|TOKEN)$/i,
}
const INPUTS = ['password', 'token', 'registry-token', 'api-key', 'pypi_token', 'npm-token', 'api_key']
/** What is written into a settings file of npm, Cargo or RubyGems in a step before. */
const WRITTEN = /_authToken|rubygems_api_key|^cargo login\b/
const writingOf = onceForUnit(({ commands }) =>
  commands.find(({ argv }) => argv.some(word => secretIn(word) !== null) && WRITTEN.test(argv.join(' '))),
)
/** Actions that swap the run's identity for a token of minutes. */
const SWAPS =
  /^(?:rust-lang\/crates-io-auth-action|nuget\/login|rubygems\/(?:configure-rubygems-credentials|release-gem))$/

/** Null where it cannot be told how the step gets in, or the registry is another than the public one. */
function ofRegistry(repo: Snapshot, step: PublishStep): Credential | null {
  const { to, call, unit } = step
  const variable = REGISTRY_VARIABLES[to]
  if (!variable || isPrivate(step)) return null
  const made = (name: string, lasts: boolean, place: Place): Credential => ({
    provider: to as Provider,
    lasts,
    name,
    place,
    call,
    unit,
  })
  const lastingVariables = new Map([...call.env].filter(([, value]) => secretIn(value) !== null))
  const told = [...lastingVariables.keys()].find(name => variable.test(name))
  if (told) return made(told, true, variablePlace(unit, call, told))
  const input = isCommand(call) ? undefined : INPUTS.find(name => secretIn(call.inputs.get(name) ?? '') !== null)
  if (input) return made(input, true, inputPlace(call, input))
  const holds = (word: string) =>
    secretIn(word) ?? [...lastingVariables.keys()].find(name => new RegExp(`\\$\\{?${name}\\b`).test(word)) ?? null
  const word = isCommand(call) ? call.argv.map(holds).find(one => one !== null) : undefined
  if (word) return made(word, true, call.place)
  const writing = writingOf(unit, repo)
  if (writing) return made(secretIn(writing.argv.join(' ')) ?? '', true, writing.place)
  const swap = unit.actions.find(({ name }) => SWAPS.test(name))
  if (swap) return made(swap.name, false, swap.place)
  const isTrusted =
    to === 'npm' ? isTrustedPublisher(repo, step) : /^(?:pypi)$/.test(to) && mayWrite(repo, unit, 'id-token')
  return isTrusted ? made('trusted publishing', false, call.place) : null
}

/** A registry of one's own has no trusted publishing that is known here. */
function isPrivate({ to, host, unit }: PublishStep): boolean {
  const told = [
    host,
    ...(to === 'npm'
      ? unit.actions.map(({ name, inputs }) => (name === 'actions/setup-node' ? inputs.get('registry-url') : null))
      : []),
  ].find(one => one !== null && one !== undefined && !one.includes('$'))
  if (!told) return false
  return (
    /github|gitlab|artifactory|jfrog/i.test(told) ||
    (told.includes('://') && !new RegExp(`${to}|pythonhosted|crates`, 'i').test(told))
  )
}

function inputPlace(call: Call, name: string): Place {
  const entry = entryOf(childOf(call.step?.node, 'with'), name)
  const file = fileOfStep(call)
  return entry && file ? { file, start: entry.keyStart, end: Math.max(entry.keyEnd, entry.value.start) } : call.place
}

/** The innermost `env:` that gives the variable; the call itself where a script does. */
function variablePlace({ job, workflow, file }: Unit, call: Call, name: string): Place {
  const scopes = [
    { node: call.step?.node, file: fileOfStep(call) },
    { node: job?.node, file },
    { node: workflow?.root, file },
  ]
  for (const scope of scopes) {
    const entry = entryOf(childOf(scope.node, 'env'), name)
    if (entry && scope.file)
      return { file: scope.file, start: entry.keyStart, end: Math.max(entry.keyEnd, entry.value.start) }
  }
  return call.place
}
