/** The OpenAPI 3.1 description of the public API, written from the schemas that its routes answer by. */
import { z } from 'zod'
import { ENDPOINTS, type Endpoint, problem } from '../api/v1/endpoints.ts'

type Schema = Record<string, unknown>

const REFUSALS: Readonly<Record<string, string>> = {
  '400': 'The request cannot be used; `title` says why.',
  '401': 'No key, or one that is wrong, expired or revoked.',
  '403': 'The key, or its person, may not.',
  '404': 'There is no such thing, or it is not shown to you.',
  '429': 'Too many requests; `Retry-After` says when to go on.',
}

/** Taken by every endpoint: which organisation is meant is found before any of them runs. */
const ORG: Schema = {
  name: 'org',
  in: 'query',
  required: false,
  description: 'The login of the organisation, where several are crawled; the first of them without it.',
  schema: { type: 'string' },
}

const TEXT = { schema: { type: 'string' } }
const HEADERS: Schema = {
  ETag: TEXT,
  'RateLimit-Policy': { ...TEXT, description: 'How many requests a minute an address, and a person, may send.' },
  RateLimit: {
    ...TEXT,
    description: 'How many of them are left (r), and in how many seconds all are there again (t).',
  },
}

/** `url`: where the pages are. Plain data, to be sent as JSON. */
export function openapi(url: string): Record<string, unknown> {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Plumbline',
      version: '1',
      description: 'Reads the supply-chain posture of the organisation, as far as the key’s person sees it.',
    },
    servers: [{ url }],
    security: [{ key: [] }],
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'A key made under API keys.' } },
      schemas: { Problem: schemaOf(problem, 'output') },
    },
    paths: Object.fromEntries(
      Object.entries(ENDPOINTS).map(([id, endpoint]) => [endpoint.path, { get: operation(id, endpoint) }]),
    ),
  }
}

function operation(id: string, { summary, params, query, answer }: Endpoint): Schema {
  const refusals = Object.entries(REFUSALS).map(([status, description]) => [
    status,
    { description, content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
  ])
  return {
    operationId: id,
    summary,
    parameters: [...(params ? parameters(params, 'path') : []), ...parameters(query, 'query'), ORG],
    responses: {
      '200': {
        description: summary,
        headers: HEADERS,
        content: { 'application/json': { schema: schemaOf(answer, 'output') } },
      },
      '304': { description: 'What `If-None-Match` names is still so.' },
      ...Object.fromEntries(refusals),
    },
  }
}

function parameters(schema: z.ZodObject, where: 'path' | 'query'): Schema[] {
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, Schema>
    required?: string[]
  }
  return Object.entries(properties).map(([name, { description, ...inner }]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: inner,
  }))
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Schema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12', unrepresentable: 'any' })
  return rest
}
