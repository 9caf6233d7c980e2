import { readCoverage } from '#lib/store/pages/frame.ts'
import { endpoint } from '../answering.ts'

export const GET = endpoint('organisation', async (db, scope, { place }) => {
  const { org: name, webUrl, demo } = place
  const coverage = await readCoverage(db, scope)
  const oldest = coverage.oldest?.toISOString() ?? null
  return { name, url: `${webUrl}/${name}`, demo, coverage: { ...coverage, oldest } }
})
