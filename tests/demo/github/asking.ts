import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import { expect, onTestFinished } from 'vitest'
import { openGitHost } from '#demo/github/git-host.ts'
import { matchRoute } from '#demo/github/rest.ts'
import { type GitHubOptions, type PretendGitHub, startGitHub } from '#demo/github/server.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type Description = { routes: Record<string, Record<string, Json>>; schemas: Record<string, Json> }

/** OpenAPI 3.0 says `nullable` where JSON Schema has a type or an alternative more. */
function schemaOf(value: Json): Json {
  if (Array.isArray(value)) return value.map(schemaOf)
  if (value === null || typeof value !== 'object') return value
  const { nullable, $ref, ...rest } = value
  const converted = Object.fromEntries(Object.entries(rest).map(([key, item]) => [key, schemaOf(item)]))
  if (typeof $ref === 'string') converted.$ref = `answers#/definitions/${encodeURIComponent(nameOf($ref))}`
  return nullable === true ? { anyOf: [converted, { type: 'null' }] } : converted
}

const nameOf = (pointer: string) => pointer.slice(2).replaceAll('/', '.')

function official() {
  const path = join(import.meta.dirname, '../../../demo/github/openapi.json')
  const { routes, schemas } = JSON.parse(readFileSync(path, 'utf8')) as Description
  const ajv = new Ajv({ strict: false, allErrors: true })
  ajv.addFormat('date-time', value => !Number.isNaN(Date.parse(value)))
  ajv.addFormat('uri', value => URL.canParse(value))
  for (const other of ['email', 'int64', 'double', 'repo.nwo', 'timestamp', 'hostname']) ajv.addFormat(other, true)
  const definitions = Object.fromEntries(Object.entries(schemas).map(([key, item]) => [nameOf(key), schemaOf(item)]))
  ajv.addSchema({ $id: 'answers', definitions })
  return { ajv, routes }
}

const { ajv, routes } = official()
const compiled = new Map<string, ValidateFunction>()

/** Fails where an answer is not what GitHub's own description says of that operation and status. */
function expectOfficial(method: string, path: string, status: number, body: unknown): void {
  const { route = '' } = matchRoute(method, path) ?? {}
  const schema = routes[route]?.[String(status)]
  if (schema == null) return
  const key = `${route} ${status}`
  const validate = compiled.get(key) ?? ajv.compile(schemaOf(schema) as object)
  compiled.set(key, validate)
  expect(validate(body) ? [] : validate.errors, key).toEqual([])
}

// biome-ignore lint/suspicious/noExplicitAny: JSON of any shape, which each test looks into.
type Reply = { status: number; headers: Headers; body: any }

/** A pretend GitHub that stops with the test, and how a test asks it; each REST answer is held to the description. */
export async function startedGitHub(dir: string, options: Partial<GitHubOptions> = {}) {
  const host = options.host ?? (await openGitHost(dir, 'acme'))
  const github = await startGitHub({ ...options, host })
  onTestFinished(() => github.stop())
  return { github, get: getFrom(github), post: postTo(github), query: queryOf(github) }
}

const HEADERS = { authorization: 'Bearer first-token', 'user-agent': 'plumbline-tests' }

function getFrom(github: PretendGitHub) {
  return async (path: string, headers: Record<string, string> = {}): Promise<Reply> =>
    asked('GET', path, await fetch(github.apiUrl + path, { headers: { ...HEADERS, ...headers }, redirect: 'manual' }))
}

function postTo(github: PretendGitHub) {
  return async (path: string, body: unknown): Promise<Reply> =>
    asked(
      'POST',
      path,
      await fetch(github.apiUrl + path, { method: 'POST', headers: HEADERS, body: JSON.stringify(body) }),
    )
}

async function asked(method: string, path: string, response: Response): Promise<Reply> {
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
  const body = isJson ? JSON.parse(text) : text
  if (isJson) expectOfficial(method, path.split('?')[0] ?? '', response.status, body)
  return { status: response.status, headers: response.headers, body }
}

function queryOf(github: PretendGitHub) {
  return async (query: string, variables: Record<string, unknown> = {}): Promise<Reply> => {
    const body = JSON.stringify({ query, variables })
    const response = await fetch(`${github.url}/api/graphql`, { method: 'POST', headers: HEADERS, body })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
  }
}
