import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildASTSchema, type DocumentNode, type GraphQLSchema, parse } from 'graphql'

const cached = new Map<string, GraphQLSchema>()

/**
 * GitHub's official schema, so that a query for a field that does not exist fails here as it would there; `without` some
 * fields (`Type.field`) it is that of an older server.
 */
export function officialSchema(without: readonly string[] = []): GraphQLSchema {
  const known = cached.get(without.join())
  if (known !== undefined) return known
  const folder = dirname(fileURLToPath(import.meta.resolve('github-schema/package.json')))
  const text = readFileSync(join(folder, 'github-schema.graphql'), 'utf8')
  // The file is the published one and was validated where it was made; doing it again would take a second.
  const schema = buildASTSchema(older(parse(text, { noLocation: true }), without), { assumeValid: true })
  cached.set(without.join(), schema)
  return schema
}

function older(document: DocumentNode, without: readonly string[]): DocumentNode {
  if (without.length === 0) return document
  return {
    ...document,
    definitions: document.definitions.map(type =>
      type.kind === 'ObjectTypeDefinition' || type.kind === 'InterfaceTypeDefinition'
        ? {
            ...type,
            fields: (type.fields ?? []).filter(field => !without.includes(`${type.name.value}.${field.name.value}`)),
          }
        : type,
    ),
  }
}
