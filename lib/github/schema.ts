/** Servers that are older than our queries: their schema is read, and what it lacks is left out of what is asked. */
import type { DefinitionNode, DocumentNode, FieldNode, SelectionNode, SelectionSetNode } from 'graphql'
import { z } from 'zod'
import type { GitHub, PathError } from './client.ts'
import { notGitHub } from './trouble.ts'

type Ask = GitHub['graphql']

/** Type → field → type of what it gives. */
type Schema = ReadonlyMap<string, ReadonlyMap<string, string>>

/** By introspection: names alone, which is a fifth of all that a server would tell of its schema. */
export const SCHEMA = `query ReadSchema {
  __schema { types { name fields(includeDeprecated: true) { name type { ...Named ofType { ...Named ofType { ...Named ofType { ...Named } } } } } } }
  rateLimit { cost }
}
fragment Named on __Type { name }`

type Named = { name?: string | null | undefined; ofType?: Named | null | undefined }
const named: z.ZodType<Named> = z.lazy(() => z.object({ name: z.string().nullish(), ofType: named.nullish() }))
const answer = z.object({
  __schema: z.object({
    types: z.array(
      z.object({ name: z.string(), fields: z.array(z.object({ name: z.string(), type: named })).nullish() }),
    ),
  }),
})

/**
 * Asks as `ask` does. A query that is refused for a field that the server does not know is asked again without it, and
 * so is every query after it; `missing` names what was left out, as `Type.field`. One point, once, and only for such a server.
 */
export function withinSchema(ask: Ask, host: string): { graphql: Ask; missing: ReadonlySet<string> } {
  const missing = new Set<string>()
  let reading: Promise<(query: string) => string> | null = null

  async function read(): Promise<(query: string) => string> {
    const { data } = await ask(SCHEMA, {})
    const parsed = answer.safeParse(data)
    if (!parsed.success) throw notGitHub(host)
    const schema: Schema = new Map(
      parsed.data.__schema.types.map(({ name, fields }) => [
        name,
        new Map((fields ?? []).map(field => [field.name, innermost(field.type)])),
      ]),
    )
    // Only such a server needs it.
    const { parse, print } = await import('graphql')
    return query => print(without(parse(query), schema, missing))
  }

  return {
    missing,
    async graphql(query, variables) {
      if (reading === null) {
        const told = await ask(query, variables)
        if (told.data !== null || !told.errors.some(isUnknownField)) return told
      }
      // What failed once is tried again by the next query.
      reading ??= read().catch(error => {
        reading = null
        throw error
      })
      return ask((await reading)(query), variables)
    },
  }
}

function isUnknownField({ type, message }: PathError): boolean {
  return type === 'undefinedField' || /^Field '\w+' doesn't exist on type '\w+'/.test(message)
}

function innermost({ name, ofType }: Named): string {
  return ofType ? innermost(ofType) : (name ?? '')
}

function without(document: DocumentNode, schema: Schema, missing: Set<string>): DocumentNode {
  const fragments = new Map(
    document.definitions.flatMap(one => (one.kind === 'FragmentDefinition' ? [[one.name.value, one] as const] : [])),
  )

  function selections(set: SelectionSetNode, type: string): SelectionSetNode {
    return { ...set, selections: set.selections.flatMap(one => selection(one, type)) }
  }

  function selection(one: SelectionNode, type: string): SelectionNode[] {
    if (one.kind === 'FragmentSpread') {
      const fragment = fragments.get(one.name.value)
      return fragment && isThere(fragment.selectionSet, fragment.typeCondition.name.value) ? [one] : []
    }
    if (one.kind === 'Field') return field(one, type)
    const on = one.typeCondition?.name.value ?? type
    return isThere(one.selectionSet, on) ? [{ ...one, selectionSet: selections(one.selectionSet, on) }] : []
  }

  function field(one: FieldNode, type: string): FieldNode[] {
    const name = one.name.value
    if (name.startsWith('__')) return [one]
    const below = schema.get(type)?.get(name)
    if (below === undefined) missing.add(`${type}.${name}`)
    if (below === undefined || (one.selectionSet && !isThere(one.selectionSet, below))) return []
    return [one.selectionSet ? { ...one, selectionSet: selections(one.selectionSet, below) } : one]
  }

  function isThere(set: SelectionSetNode, type: string): boolean {
    return schema.has(type) && selections(set, type).selections.length > 0
  }

  const definitions = document.definitions.flatMap((one): DefinitionNode[] => {
    if (one.kind === 'OperationDefinition') return [{ ...one, selectionSet: selections(one.selectionSet, 'Query') }]
    if (one.kind !== 'FragmentDefinition') return [one]
    const on = one.typeCondition.name.value
    return isThere(one.selectionSet, on) ? [{ ...one, selectionSet: selections(one.selectionSet, on) }] : []
  })
  return { ...document, definitions }
}
