import {
  type DocumentNode,
  defaultFieldResolver,
  type ExecutionResult,
  execute,
  type GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
  parse,
  GraphQLError as Refusal,
  validate,
  visit,
} from 'graphql'
import { z } from 'zod'
import { type Cost, costOf } from './cost.ts'
import { ownerNode, type QueryContext, repositoryNode } from './graphql-repository.ts'
import type { Bucket } from './limits.ts'
import { accountOf } from './rest-shapes.ts'
import { officialSchema } from './schema.ts'
import { moment } from './world.ts'

const body = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
})

/** A query that may be run, with its price; or the answer to one that may not. */
export type Prepared =
  | {
      ok: true
      document: DocumentNode
      operation: OperationDefinitionNode
      variables: Record<string, unknown>
      cost: Cost
      schema: GraphQLSchema
    }
  | { ok: false; status: number; answer: unknown }

const PARSED_AT_ONCE = 100
const parsedBy = new WeakMap<GraphQLSchema, Map<string, DocumentNode | readonly GraphQLError[]>>()

/** Parses and validates against the schema; a crawl sends the same few texts again and again. */
function documentOf(query: string, schema: GraphQLSchema): DocumentNode | readonly GraphQLError[] {
  const parsed = parsedBy.get(schema) ?? new Map<string, DocumentNode | readonly GraphQLError[]>()
  parsedBy.set(schema, parsed)
  const known = parsed.get(query)
  if (known !== undefined) return known
  let result: DocumentNode | readonly GraphQLError[]
  try {
    const document = parse(query)
    const errors = validate(schema, document, undefined, { maxErrors: 20 })
    result = errors.length === 0 ? document : errors
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    result = [error]
  }
  const [oldest] = parsed.keys()
  if (parsed.size >= PARSED_AT_ONCE && oldest !== undefined) parsed.delete(oldest)
  parsed.set(query, result)
  return result
}

/** GitHub's form of an error: its type stands beside the message, and an unknown field has words of its own. */
function errorShape(error: GraphQLError) {
  const [, fieldName, typeName] = /^Cannot query field "(\w+)" on type "(\w+)"/.exec(error.message) ?? []
  if (fieldName !== undefined)
    return {
      ...(error.locations === undefined ? {} : { locations: error.locations }),
      extensions: { code: 'undefinedField', typeName, fieldName },
      message: `Field '${fieldName}' doesn't exist on type '${typeName}'`,
    }
  const { type, ...extensions } = error.extensions
  return {
    ...(typeof type === 'string' ? { type } : {}),
    ...(error.path === undefined ? {} : { path: error.path }),
    ...(Object.keys(extensions).length === 0 ? {} : { extensions }),
    ...(error.locations === undefined ? {} : { locations: error.locations }),
    message: error.message,
  }
}

const failed = (errors: readonly GraphQLError[]): Prepared => ({
  ok: false,
  status: 200,
  answer: { errors: errors.map(errorShape) },
})

/** Reads, validates and prices a query, of a server whose schema lacks these fields. */
export function prepare(raw: string, missing: readonly string[]): Prepared {
  const schema = officialSchema(missing)
  const input = body.safeParse(parseJson(raw))
  if (!input.success) return { ok: false, status: 400, answer: { message: 'Problems parsing JSON' } }
  const document = documentOf(input.data.query, schema)
  if (!('kind' in document)) return failed(document)
  const operation = getOperationAST(document, input.data.operationName)
  if (operation == null) return failed([new Refusal('An operation name is required')])
  const variables = input.data.variables ?? {}
  const cost = costOf(schema, document, operation, variables)
  return cost.errors.length > 0 ? failed(cost.errors) : { ok: true, document, operation, variables, cost, schema }
}

function parseJson(raw: string): unknown {
  try {
    return JSON.parse(raw)
  } catch {
    return null
  }
}

/** A field that the resolvers do not hold is said so: a silent null would look like an answer. */
const knownFieldsOnly: GraphQLFieldResolver<unknown, unknown> = (source, args, context, info) => {
  const held = typeof source === 'object' && source !== null && info.fieldName in source
  if (held) return defaultFieldResolver(source, args, context, info)
  throw new Refusal(`The pretend GitHub does not serve ${info.parentType.name}.${info.fieldName}.`)
}

const unresolved = (what: string) => new Refusal(what, { extensions: { type: 'NOT_FOUND' } })

async function byNodeId(id: string, context: QueryContext) {
  const repository = await context.world.byNode(id)
  if (repository === null || context.stage.stateOf(repository.listedAs)?.kind === 'gone') {
    return unresolved(`Could not resolve to a node with the global id of '${id}'`)
  }
  return repositoryNode(repository, context)
}

function rootOf(context: QueryContext, { cost, look }: { cost: Cost; look(): Bucket | null }) {
  return {
    viewer: () => {
      const { person, url } = context
      const account = accountOf(person?.login ?? 'plumbline-reader', 'User', { url, apiUrl: '' })
      const { login, node_id, html_url, avatar_url } = account
      const told = { login, id: node_id, url: html_url, avatarUrl: avatar_url }
      return { __typename: 'User', ...told, databaseId: person?.id ?? account.id, name: person?.name ?? login }
    },
    rateLimit: () => {
      const bucket = look()
      // A server without limits says nothing of them.
      if (bucket === null) return null
      const { limit, remaining, used, reset } = bucket
      const resetAt = moment(new Date(reset * 1000))
      return { cost: cost.points, nodeCount: cost.nodes, limit, remaining, used, resetAt }
    },
    organization: ({ login }: { login: string }) => organisation(login, context),
    repositoryOwner: ({ login }: { login: string }) => organisation(login, context),
    repository: async ({ owner, name, followRenames }: { owner: string; name: string; followRenames?: boolean }) => {
      const found = await context.world.find(owner, name)
      const state = found === null ? null : context.stage.stateOf(found.repository.listedAs)
      if (found === null || state?.kind === 'gone' || (found.renamed && followRenames === false)) {
        throw unresolved(`Could not resolve to a Repository with the name '${owner}/${name}'.`)
      }
      return repositoryNode(found.repository, context)
    },
    node: ({ id }: { id: string }) => byNodeId(id, context),
    nodes: ({ ids }: { ids: string[] }) => ids.map(id => byNodeId(id, context)),
  }
}

function organisation(login: string, context: QueryContext) {
  if (login.toLowerCase() === context.world.org.toLowerCase()) return ownerNode(context.world.org, context)
  throw unresolved(`Could not resolve to an Organization with the login of '${login}'.`)
}

/** Only `rateLimit` is left of a query that asks for its own price with `dryRun: true`. */
function withoutWork(document: DocumentNode, operation: OperationDefinitionNode): DocumentNode {
  const asks = operation.selectionSet.selections.filter(
    selection => selection.kind === 'Field' && selection.name.value === 'rateLimit',
  )
  const dry = asks.some(field => 'arguments' in field && field.arguments?.some(a => a.name.value === 'dryRun'))
  if (!dry) return document
  return visit(document, {
    OperationDefinition: node => ({ ...node, selectionSet: { ...node.selectionSet, selections: asks } }),
  })
}

/** Runs a prepared query. `look` gives the state of the budget after the query is paid. */
export async function run(
  prepared: Extract<Prepared, { ok: true }>,
  context: QueryContext,
  look: () => Bucket | null,
): Promise<{ data?: unknown; errors?: unknown[] }> {
  const result = (await execute({
    schema: prepared.schema,
    document: withoutWork(prepared.document, prepared.operation),
    rootValue: rootOf(context, { cost: prepared.cost, look }),
    variableValues: prepared.variables,
    operationName: prepared.operation.name?.value ?? null,
    fieldResolver: knownFieldsOnly,
  })) as ExecutionResult
  return { data: result.data, ...(result.errors === undefined ? {} : { errors: result.errors.map(errorShape) }) }
}
