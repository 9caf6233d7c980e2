import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSchema, type GraphQLSchema } from 'graphql'

let cached: GraphQLSchema | undefined

/** GitHub's official schema, so that a query for a field that does not exist fails here as it would there. */
export function officialSchema(): GraphQLSchema {
  if (cached !== undefined) return cached
  const folder = dirname(fileURLToPath(import.meta.resolve('github-schema/package.json')))
  // The file is the published one and was validated where it was made; doing it again would take a second.
  cached = buildSchema(readFileSync(join(folder, 'github-schema.graphql'), 'utf8'), { assumeValid: true })
  return cached
}
