/**
 * Takes the operations that demo/github serves out of GitHub's official OpenAPI description, with all schemas that they
 * refer to, so that the tests can validate every answer without the 394 MB package:
 *   (cd "$(mktemp -d)" && npm install @octokit/openapi && node …/scripts/extract-openapi.ts node_modules/@octokit/openapi/generated/api.github.com.json)
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { SERVED } from '#demo/github/rest.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Words for people, which take most of the room and validate nothing. */
const PROSE = new Set(['description', 'summary', 'example', 'examples', 'externalDocs', 'title', 'deprecated', 'tags'])

function slim(value: Json, named = false): Json {
  if (Array.isArray(value)) return value.map(item => slim(item))
  if (value === null || typeof value !== 'object') return value
  // Below `properties` the keys are names of the data, and one of them may well be called description.
  const kept = Object.entries(value).filter(([key]) => named || (!PROSE.has(key) && !key.startsWith('x-')))
  return Object.fromEntries(kept.map(([key, item]) => [key, slim(item, !named && key === 'properties')]))
}

function refsIn(value: Json, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const item of value) refsIn(item, found)
  else if (value !== null && typeof value === 'object') {
    if (typeof value.$ref === 'string') found.add(value.$ref)
    for (const item of Object.values(value)) refsIn(item, found)
  }
  return found
}

function at(document: Json, pointer: string): Json {
  return pointer
    .slice(2)
    .split('/')
    .reduce<Json>((value, key) => {
      const next = value !== null && typeof value === 'object' && !Array.isArray(value) ? value[key] : undefined
      if (next === undefined) throw new Error(`The description has no ${pointer}.`)
      return next
    }, document)
}

/** `GET /orgs/{org}` → status → schema of a JSON answer, null where the status has no JSON body. */
function operations(document: Json): { [route: string]: Json } {
  const routes: { [route: string]: Json } = {}
  for (const { method, path } of SERVED) {
    const key = path.replaceAll('{+', '{')
    const paths = at(document, '#/paths') as { [path: string]: Json }
    const operation = (paths[key] as { [method: string]: Json } | undefined)?.[method.toLowerCase()]
    if (operation === undefined) {
      process.stderr.write(`${method} ${key} is not in the description.\n`)
      continue
    }
    const responses = (operation as { responses: { [status: string]: Json } }).responses
    const schemas = Object.entries(responses).map(([status, response]) => {
      const ref = (response as { $ref?: string }).$ref
      const full = (ref === undefined ? response : at(document, ref)) as {
        content?: { [type: string]: { schema: Json } }
      }
      return [status, slim(full.content?.['application/json']?.schema ?? null)] as const
    })
    routes[`${method} ${path}`] = Object.fromEntries(schemas)
  }
  return routes
}

const program = new Command('extract-openapi').argument('<description>', 'api.github.com.json of @octokit/openapi')
const [file = ''] = program.parse().args
const document = JSON.parse(readFileSync(file, 'utf8')) as Json
const routes = operations(document)
const schemas: { [pointer: string]: Json } = {}
const queue = [...refsIn(routes)]
for (const pointer of queue) {
  if (schemas[pointer] !== undefined) continue
  const schema = slim(at(document, pointer))
  schemas[pointer] = schema
  queue.push(...refsIn(schema))
}
const version = (at(document, '#/info') as { version?: string }).version ?? ''
const target = join(import.meta.dirname, '../demo/github/openapi.json')
writeFileSync(target, `${JSON.stringify({ version, routes, schemas })}\n`)
process.stdout.write(`${Object.keys(routes).length} operations, ${Object.keys(schemas).length} schemas in ${target}\n`)
