import { isDoubtful } from '#lib/crawl/settings.ts'
import type { SettingsAsked } from '#lib/crawl/source.ts'
import { AppError } from '#lib/errors.ts'
import type { JobPayload } from '#lib/queue/jobs.ts'
import { markListed } from '#lib/store/orgs.ts'
import { saveProperties } from '#lib/store/owners.ts'
import { repositoryIds, saveTeams, saveTopics } from '#lib/store/repositories.ts'
import { type SettableRepository, saveSettings, settableAmong } from '#lib/store/settings.ts'
import type { Context } from './context.ts'
import { scanAgain } from './scan-again.ts'
import { keepCapabilities, takeChangedSettings } from './settings.ts'

const PART = 2_000

/**
 * Asks for settings and teams of all repositories by the answers that tell many at once, and keeps them part by part.
 * Killed in the middle, or refused, it is asked for again with the next look.
 */
export async function readOrganisation(
  context: Context,
  { orgId, runId }: JobPayload<'read-organisation'>,
): Promise<void> {
  const now = context.now()
  try {
    await readAll(context, orgId)
    await markListed(context.db, orgId, { settingsAt: now })
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    context.log.warn({ code: error.code, runId }, error.message)
  }
  await keepCapabilities(context, orgId)
  // Once: it may wait for the next hour long after its run is done.
  await context.bookUsage(runId)
}

async function readAll(context: Context, orgId: number): Promise<void> {
  const { db, source } = context
  const teams = await source.teams()
  if (teams !== null) {
    for await (const ids of repositoryIds(db, orgId, PART))
      await saveTeams(db, new Map(ids.map(id => [id, teams.get(id) ?? []])))
  }
  for await (const { settings, topics, properties } of source.settings(askedOf(context, orgId))) {
    await saveSettings(db, settings)
    await saveTopics(db, topics)
    await saveProperties(db, properties)
    await takeChangedSettings(context, orgId, [...settings.keys()])
  }
  // By topics, teams and properties a repository is in a group with a policy of its own.
  await scanAgain(context, orgId)
}

function askedOf({ db }: Context, orgId: number): SettingsAsked {
  const among = async (ids: readonly bigint[]) => (await settableAmong(db, orgId, ids)).map(asked)
  return {
    among,
    async *all() {
      for await (const ids of repositoryIds(db, orgId, PART)) yield await among(ids)
    },
  }
}

/** What guards a branch by the listing, where that can be believed, need not be asked for. */
function asked({ id, nodeId, protection, defaultBranchProtected }: SettableRepository) {
  const isTold = protection !== null && !isDoubtful(protection, { defaultBranchProtected })
  return { id, nodeId, protection: isTold ? protection : null }
}
