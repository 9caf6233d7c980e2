import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import type { DiffTarget, MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm'
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg'
import type pg from 'pg'

const SCHEMA = join(import.meta.dirname, 'schema.prisma')
const NO_FILTERS = { externalTables: [], externalEnums: [] }

/** Prisma's schema engine: applies migrations, and writes the SQL that leads from somewhere to schema.prisma. */
export type Engine = {
  apply(migrations: MigrationList): Promise<string[]>
  diffToSchema(from: DiffTarget): Promise<string>
}

/**
 * Starts the engine. It takes its connections from `pool`, so a pool of one keeps it inside a transaction begun there.
 * What the database itself refuses is added to `errors`, in order.
 */
export async function startEngine(pool: pg.Pool, errors: unknown[] = []): Promise<Engine> {
  loadWasm()
  const content = readFileSync(SCHEMA, 'utf8')
  const factory = bindMigrationAwareSqlAdapterFactory(watchErrors(new PrismaPg(pool), errors))
  const engine: SchemaEngine = await bindings.SchemaEngine.new({ datamodels: [[SCHEMA, content]] }, () => {}, factory)
  return {
    apply: async migrations =>
      (await engine.applyMigrations({ migrationsList: migrations, filters: NO_FILTERS })).appliedMigrationNames,
    diffToSchema: async from => {
      const to: DiffTarget = { tag: 'schemaDatamodel', files: [{ path: SCHEMA, content }] }
      const result = await engine.diff({ from, to, script: true, exitCode: null, filters: NO_FILTERS })
      return result.stdout ?? ''
    },
  }
}

let loaded = false

// The package's own entry imports the .wasm as a module, which Node calls experimental on every start.
function loadWasm(): void {
  if (loaded) return
  const folder = dirname(fileURLToPath(import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg')))
  const module = new WebAssembly.Module(readFileSync(join(folder, 'schema_engine_bg.wasm')))
  const instance = new WebAssembly.Instance(module, { './schema_engine_bg.js': bindings })
  bindings.__wbg_set_wasm(instance.exports)
  const start = instance.exports.__wbindgen_start
  if (typeof start === 'function') start()
  loaded = true
}

// The engine wraps what the database said in its own words, and after a failed script even loses them.
function watchErrors(factory: PrismaPg, errors: unknown[]): PrismaPg {
  const connect = factory.connect.bind(factory)
  factory.connect = async () => {
    const adapter = await connect()
    for (const method of ['executeScript', 'queryRaw', 'executeRaw'] as const) {
      const original = adapter[method].bind(adapter) as (argument: never) => Promise<never>
      adapter[method] = async (argument: never) => {
        try {
          return await original(argument)
        } catch (error) {
          errors.push(error)
          throw error
        }
      }
    }
    return adapter
  }
  return factory
}
