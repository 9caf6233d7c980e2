/** Settings that an owner sets on a page: encrypted by PLUMBLINE_SECRET, used where the environment has none of their group. */
import { groupOf, SETTING_GROUPS, type SettingGroup } from '../api/settings.ts'
import { readEnv } from '../env.ts'
import { AppError } from '../errors.ts'
import type { Logger } from '../log.ts'
import { appendAudit } from '../store/audit.ts'
import { type Database, inTransaction } from '../store/database.ts'
import { listSettings, removeSettings, saveSetting, settingsMark } from '../store/stored-settings.ts'
import { refuseInsideIssuer } from './outside.ts'
import { actedBy, may, type Viewer } from './permit.ts'
import { openToken, sealToken } from './sealing.ts'

type Values = Readonly<Record<string, string | undefined>>
const LONGEST = 10_000

/** What is kept, opened. `lost`: names of which no secret here opens the value. */
export async function readStored(
  db: Database,
  secrets: readonly string[],
): Promise<{ values: Record<string, string>; lost: string[] }> {
  const [current, ...older] = secrets
  const values: Record<string, string> = {}
  const lost: string[] = []
  for (const { name, value } of await listSettings(db)) {
    const opened =
      current === undefined ? null : await openToken(value, { secrets: [current, ...older] }).catch(() => null)
    if (opened === null) lost.push(name)
    else values[name] = opened
  }
  return { values, lost }
}

/** Whether the environment, or a file that it names, has something of the group. A lone GITHUB_TOKEN says nothing. */
export function isSetBy(environment: Values, { settings }: SettingGroup): boolean {
  return settings
    .filter(({ name }) => name !== 'GITHUB_TOKEN')
    .some(({ name }) => Boolean(environment[name]) || Boolean(environment[`${name}_FILE`]))
}

/** What of the kept settings counts beside this environment. */
export function storedBeside(environment: Values, stored: Values): Record<string, string> {
  const free = SETTING_GROUPS.filter(group => !isSetBy(environment, group)).flatMap(group => group.settings)
  return Object.fromEntries(
    free.flatMap(({ name }) => {
      const value = stored[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

const LOOK_MS = 3_000

/** Calls `changed` once when the settings are no longer those of `mark`. Returns what ends the watching. */
export function onSettings(
  { db, mark, log }: { db: Database; mark: string; log: Logger },
  changed: () => void,
): () => void {
  let ended = false
  const look = async (): Promise<void> => {
    const now = await settingsMark(db).catch((error: unknown) => {
      // A database that is away for a moment is no change; the parts that need it say so themselves.
      log.warn({ error }, 'Whether settings were changed could not be asked.')
      return mark
    })
    if (ended) return
    if (now === mark) timer = setTimeout(look, LOOK_MS)
    else changed()
  }
  let timer = setTimeout(look, LOOK_MS)
  return () => {
    ended = true
    clearTimeout(timer)
  }
}

export type Wish = { group: string; values: Values }

/**
 * Keeps a group: an empty value leaves a secret as it is and removes anything else. Throws AppError with the sentence that
 * the start would say to it.
 */
export async function changeSettings(
  db: Database,
  viewer: Viewer,
  { group: id, values }: Wish,
  { secrets, environment, now }: { secrets: readonly string[]; environment: Values; now: Date },
): Promise<void> {
  const group = groupFor(viewer, id)
  const [current, ...older] = secrets
  if (current === undefined)
    throw new AppError(
      'invalid-input',
      'PLUMBLINE_SECRET is not set, so nothing can be kept encrypted.',
      'Set it in the environment, and start again.',
    )
  const { values: kept } = await readStored(db, secrets)
  const after = new Map<string, string>()
  for (const { name, secret } of group.settings) {
    const value = values[name]?.trim() || (secret ? kept[name] : undefined)
    if (value !== undefined) after.set(name, value)
  }
  if (after.size === 0) throw new AppError('invalid-input', 'Nothing was filled in.')
  const wished = Object.fromEntries(after)
  await refuseUnusable(wished, current)
  // Together with all else, or the next start would be refused, with nobody inside to mend it.
  readableBy({ ...environment, ...storedBeside(environment, { ...kept, ...wished }) })
  await inTransaction(db, async tx => {
    for (const { name, secret } of group.settings) {
      const value = after.get(name)
      if (value === kept[name]) continue
      if (value === undefined) await removeSettings(tx, [name])
      else
        await saveSetting(tx, {
          name,
          value: await sealToken(value, { secrets: [current, ...older] }),
          setAt: now,
          setBy: viewer.name,
        })
      await appendAudit(tx, {
        ...actedBy(viewer, now),
        action: value === undefined ? 'setting.removed' : 'setting.set',
        resource: `setting:${name}`,
        // What it was and what it is: only of what is no secret.
        details: secret ? {} : { from: kept[name] ?? null, to: value ?? null },
      })
    }
  })
}

/** Forgets a group, secrets too. */
export async function forgetSettings(db: Database, viewer: Viewer, id: string, now: Date): Promise<void> {
  const group = groupFor(viewer, id)
  await inTransaction(db, async tx => {
    for (const { name } of group.settings) {
      if ((await removeSettings(tx, [name])) === 0) continue
      const row = {
        ...actedBy(viewer, now),
        action: 'setting.removed',
        resource: `setting:${name}`,
        details: {},
      } as const
      await appendAudit(tx, row)
    }
  })
}

function groupFor(viewer: Viewer, id: string): SettingGroup {
  if (!may(viewer, 'settings:change')) throw new AppError('forbidden', 'Only an owner changes settings.')
  const group = groupOf(id)
  if (group === null) throw new AppError('not-found', 'There is no such setting.')
  return group
}

/** The rules of the environment, and two more: an owner's page is no way into the network that Plumbline stands in. */
async function refuseUnusable(values: Record<string, string>, secret: string): Promise<void> {
  const long = Object.keys(values).find(name => (values[name]?.length ?? 0) > LONGEST)
  if (long !== undefined) throw new AppError('invalid-input', `${long} is longer than anything that it could be.`)
  readableBy({ ...values, PLUMBLINE_SECRET: secret })
  if (values.OIDC_ISSUER !== undefined) await refuseInsideIssuer(values.OIDC_ISSUER)
}

function readableBy(values: Values): void {
  try {
    readEnv(values)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    throw new AppError('invalid-input', error.message, error.hint)
  }
}
