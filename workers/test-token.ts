import type { JobPayload } from '#lib/queue/jobs.ts'
import { saveTest, testState } from '#lib/store/token-tests.ts'
import type { Context } from './context.ts'
import { keepCapabilities } from './settings.ts'

/** Tries what the token may at this organisation, and remembers it for the page that tells it. */
export async function testToken(context: Context, { orgId }: JobPayload<'test-token'>): Promise<void> {
  const { db, source, now } = context
  // Looked at again, since several workers may have asked for this.
  if ((await testState(db, orgId)).askedAt === null) return
  const begun = now()
  const tested = await source.test()
  await keepCapabilities(context, orgId)
  await saveTest(db, orgId, { tested, begun, now: now() })
}
