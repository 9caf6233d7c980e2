import { defineConfig } from 'prisma/config'

/** Where Prisma's command line finds the schema. The database's address is never its business: `prisma/migrate.ts` has it. */
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
})
