import { readFrame } from '#lib/store/pages/frame.ts'
import { orgAskedFor } from '../../../door.ts'
import { endpoint } from '../answering.ts'

export const GET = endpoint('organisation', async (db, { sees }) => {
  const frame = await readFrame(db, sees, await orgAskedFor())
  if (frame === null) return null
  const { org: name, webUrl, demo, coverage } = frame
  const oldest = coverage.oldest?.toISOString() ?? null
  return { name, url: `${webUrl}/${name}`, demo, coverage: { ...coverage, oldest } }
})
