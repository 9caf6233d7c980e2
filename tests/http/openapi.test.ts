import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { ENDPOINTS } from '#lib/api/v1/endpoints.ts'
import { openapi } from '#lib/http/openapi.ts'

const ROUTES = join(import.meta.dirname, '../../app/api/v1')

type Described = { get: { parameters: { name: string; in: string }[]; responses: Record<string, unknown> } }

test('every route of the API is described, and nothing else is', () => {
  const routes = readdirSync(ROUTES, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('route.ts') && !path.startsWith('openapi.json'))
    .map(path => `/api/v1/${path.replace('/route.ts', '').replaceAll('[', '{').replaceAll(']', '}')}`)
  expect(Object.keys(openapi('http://x').paths as object).toSorted()).toEqual(routes.toSorted())
})

test('its schemas are schemas, and its paths name what stands in them', () => {
  const described = openapi('http://x')
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  ajv.addSchema({ ...described, $id: 'openapi' })
  for (const [path, { get }] of Object.entries(described.paths as Record<string, Described>)) {
    const escaped = path.replaceAll('~', '~0').replaceAll('/', '~1')
    const pointer = `openapi#/paths/${escaped.replaceAll('{', '%7B').replaceAll('}', '%7D')}/get/responses/200/content/application~1json/schema`
    expect(ajv.getSchema(pointer), path).toBeTypeOf('function')
    const inPath = get.parameters.filter(parameter => parameter.in === 'path').map(({ name }) => name)
    expect(inPath).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(match => match[1]))
    expect(Object.keys(get.responses)).toContain('401')
  }
})

test('a page of a list is bounded, whatever is asked for', () => {
  const { query } = ENDPOINTS.findings
  expect(query.parse({}).limit).toBe(50)
  expect(query.safeParse({ limit: '201' }).success).toBe(false)
  expect(query.safeParse({ limit: '-1' }).success).toBe(false)
})
