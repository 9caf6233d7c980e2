/** `npm run admin -- …`: what whoever runs an installation needs once in a while. */
import { createReadStream, createWriteStream } from 'node:fs'
import { rename } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { Command, InvalidArgumentError } from 'commander'
import { reseal } from '#lib/auth/reseal.ts'
import { type Env, readEnv } from '#lib/env.ts'
import { AppError, sentenceOf } from '#lib/errors.ts'
import { trimAudit, verifyAudit } from '#lib/store/audit.ts'
import { readBackup, writeBackup } from '#lib/store/backup.ts'
import { closeDatabase, type Database, openDatabase } from '#lib/store/database.ts'
import { migrate } from '#prisma/migrate.ts'
import { startDatabase } from './database.ts'

type Options = { data: string }

async function withStore(options: Options, run: (db: Database) => Promise<void>): Promise<void> {
  const { databaseUrl } = readEnv()
  const embedded = databaseUrl === null ? await startDatabase({ dir: join(resolve(options.data), 'database') }) : null
  const url = databaseUrl ?? embedded?.url ?? ''
  try {
    await migrate(url)
    const db = openDatabase(url)
    try {
      await run(db)
    } finally {
      await closeDatabase(db)
    }
  } finally {
    await embedded?.stop()
  }
}

async function backup(file: string, options: Options): Promise<void> {
  await withStore(options, async db => {
    const gzip = createGzip()
    // Under another name until it is whole: half a backup must not look like one.
    const output = gzip.pipe(createWriteStream(`${file}.part`, { mode: 0o600 }))
    const rows = await writeBackup(db, new Date(), async lines => {
      if (!gzip.write(lines)) await new Promise(resolve => gzip.once('drain', resolve))
    })
    gzip.end()
    await finished(output)
    await rename(`${file}.part`, file)
    console.log(`Wrote ${rows} rows to ${file}. Keep it like the database: it holds the same.`)
  })
}

async function restore(file: string, options: Options): Promise<void> {
  await withStore(options, async db => {
    const input = createReadStream(file).pipe(createGunzip())
    const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })
    console.log(`Restored ${await readBackup(db, lines)} rows.`)
  })
}

async function verify(options: Options): Promise<void> {
  await withStore(options, async db => {
    const { rows, from, to, brokenAt } = await verifyAudit(db)
    if (brokenAt === null) console.log(rows === 0 ? 'The log is empty.' : `Rows ${from} to ${to} fit together.`)
    else {
      console.error(`The chain is broken at row ${brokenAt}: it was changed, or rows before it are missing.`)
      process.exitCode = 1
    }
  })
}

async function trim(days: number, options: Options): Promise<void> {
  const now = new Date()
  await withStore(options, async db => {
    console.log(`Removed ${await trimAudit(db, new Date(now.getTime() - days * 86_400_000), now)} rows.`)
  })
}

async function sealAnew({ secrets }: Env, { forget, ...options }: Options & { forget?: boolean }): Promise<void> {
  const [current, ...older] = secrets
  if (current === undefined)
    throw new AppError('invalid-configuration', 'PLUMBLINE_SECRET is not set.', 'Set it to the new and the old secret.')
  await withStore(options, async db => {
    const how = { now: new Date(), forgetForeign: forget === true }
    const { resealed, current: already, foreign, broken } = await reseal(db, [current, ...older], how)
    console.log(`Sealed ${resealed} secrets with the newest one; ${already} were already.`)
    if (broken > 0) console.log(`${broken} were cut or changed and are forgotten: those people sign in again.`)
    if (foreign === 0) console.log('The older secrets can be dropped now.')
    else if (forget) console.log(`${foreign} were sealed by a secret that is not given, and are forgotten.`)
    else {
      console.error(
        `${foreign} were sealed by a secret that is not given, and are kept: add it to PLUMBLINE_SECRET, or forget them with --forget.`,
      )
      process.exitCode = 1
    }
  })
}

function numberOfDays(value: string): number {
  const days = Number(value)
  if (Number.isInteger(days) && days >= 30) return days
  throw new InvalidArgumentError('Write a number of days, 30 or more.')
}

function commands(): Command {
  const program = new Command('npm run admin --').description(
    'Looks after an installation. Stop npm start first where it runs the embedded database.',
  )
  const data = ['--data <folder>', 'where the embedded database is kept', readEnv().dataDirectory] as const
  const command = (words: string, description: string) =>
    program
      .command(words)
      .description(description)
      .option(...data)
  command('backup <file>', 'writes everything to a file').action(backup)
  command('restore <file>', 'puts a backup into an empty database').action(restore)
  command('verify-audit', 'checks the chain of the audit log').action(verify)
  command('trim-audit <days>', 'removes what is older from the audit log, and says so in it').action(
    (days: string, options: Options) => trim(numberOfDays(days), options),
  )
  command('reseal', 'encrypts kept tokens and settings anew with the first of the secrets in PLUMBLINE_SECRET')
    .option('--forget', 'forget what none of the secrets opens')
    .action((options: Options & { forget?: boolean }) => sealAnew(readEnv(), options))
  return program
}

try {
  await commands().parseAsync()
} catch (error) {
  if (!(error instanceof AppError)) throw error
  process.stderr.write(`${sentenceOf(error)}\n`)
  process.exitCode = 1
}
