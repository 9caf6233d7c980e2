/** What of settings and teams is read and remembered by more than one job. */
import { isDoubtful } from '#lib/crawl/settings.ts'
import type { ListedRepository } from '#lib/crawl/source.ts'
import { saveCapabilities } from '#lib/store/capabilities.ts'
import { markListed, type Org } from '#lib/store/orgs.ts'
import { saveProperties } from '#lib/store/owners.ts'
import { listRepositories, saveTeams, saveTopics } from '#lib/store/repositories.ts'
import {
  markSettingsAsked,
  renewSnapshots,
  saveSettings,
  settableRepositories,
  storedSettings,
} from '#lib/store/settings.ts'
import { actionTexts } from '#lib/store/trees.ts'
import type { Context } from './context.ts'
import { scanAgain } from './scan-again.ts'

const DAY_MS = 86_400_000
/** The demo's past is told in weeks: there a look every month shows what changed. */
const REPLAYED_EVERY_MS = 28 * DAY_MS

/** Whether settings and teams are to be asked for with this listing: whenever all is listed, which is once a day. */
export function isTimeForSettings({ replay }: Context, { settingsAt }: Org, isSweep: boolean, now: Date): boolean {
  if (settingsAt === null) return true
  return replay ? +now - +settingsAt >= REPLAYED_EVERY_MS : isSweep
}

/** Asks for settings and teams of all repositories by the answers that tell many at once. */
export async function readOrganisation(
  context: Context,
  orgId: number,
  listed: readonly ListedRepository[],
  now: Date,
): Promise<void> {
  const { db, source } = context
  const repositories = await settableRepositories(db, orgId)
  const ids = repositories.map(({ id }) => id)
  const before = await storedSettings(db, ids)
  const guarded = new Map(
    listed.flatMap(({ id, protection }) =>
      protection && !isDoubtful(protection, before.get(id)) ? [[id, protection] as const] : [],
    ),
  )
  const told = await source.settings(repositories.map(one => ({ ...one, protection: guarded.get(one.id) ?? null })))
  await saveSettings(db, told.settings)
  await saveTopics(db, told.topics)
  await saveProperties(db, told.properties)
  const teams = await source.teams()
  if (teams !== null) {
    const all = await listRepositories(db, orgId)
    await saveTeams(db, new Map(all.map(({ id }) => [id, teams.get(id) ?? []])))
  }
  await takeChangedSettings(context, orgId)
  await scanAgain(context, orgId)
  await markListed(db, orgId, { settingsAt: now })
  await keepCapabilities(context, orgId)
}

/** Whose settings are no longer what its last snapshot holds gets a new one, and is judged again. */
export async function takeChangedSettings({ db, queue, now }: Context, orgId: number): Promise<void> {
  await renewSnapshots(db, { orgId, now: now() }, async (transaction, ids) => {
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
