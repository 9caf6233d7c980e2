/** What of settings is read and remembered by more than one job. */
import { saveCapabilities } from '#lib/store/capabilities.ts'
import type { Org } from '#lib/store/orgs.ts'
import { markSettingsAsked, renewSnapshots, saveSettings } from '#lib/store/settings.ts'
import { actionTexts } from '#lib/store/trees.ts'
import type { Context } from './context.ts'

const DAY_MS = 86_400_000
/** The demo's past is told in weeks: there a look every month shows what changed. */
const REPLAYED_EVERY_MS = 28 * DAY_MS

/** Whether settings and teams are to be asked for with this listing: whenever all is listed, and again where that look failed. */
export function isTimeForSettings(
  { replay }: Context,
  { settingsAt, sweptAt }: Org,
  isSweep: boolean,
  now: Date,
): boolean {
  if (settingsAt === null) return true
  if (replay) return +now - +settingsAt >= REPLAYED_EVERY_MS
  return isSweep || (sweptAt !== null && settingsAt < sweptAt)
}

/** Whose settings, all or `among` these, are no longer what its last snapshot holds gets a new one, and is judged again. */
export async function takeChangedSettings(
  { db, queue, now }: Context,
  orgId: number,
  among?: readonly bigint[],
): Promise<void> {
  const which = { orgId, now: now(), ...(among === undefined ? {} : { among }) }
  await renewSnapshots(db, which, async (transaction, ids) => {
    for (let at = 0; at < ids.length; at += 100)
      await queue.enqueue('scan-snapshots', { snapshotIds: ids.slice(at, at + 100) }, { transaction })
  })
}

const NAMES_ENVIRONMENT = /^[ \t-]*['"]?environment['"]?[ \t]*:/m

/** Asks these repositories for what only they tell of themselves, of their environments where their workflows name any. */
export async function readOwnSettings(
  { db, source, now }: Context,
  repositories: readonly { id: bigint; name: string; treeOid: string }[],
): Promise<void> {
  const texts = await actionTexts(
    db,
    repositories.map(({ treeOid }) => treeOid),
  )
  const asked = repositories.map(({ id, name, treeOid }) => ({
    id,
    name,
    environments: (texts.get(treeOid) ?? []).some(text => NAMES_ENVIRONMENT.test(text)),
  }))
  const told = await source.ownSettings(asked)
  await saveSettings(db, told)
  await markSettingsAsked(db, [...told.keys()], now())
}

/** What the token may ask, as far as it was tried. */
export async function keepCapabilities({ db, source, now }: Context, orgId: number): Promise<void> {
  await saveCapabilities(db, orgId, source.capabilities(), now())
}
