import type { CDPSession, Page } from '@playwright/test'
import { EVENTS_PATH } from '../../lib/api/events.ts'

/** Of JavaScript, as it comes over the wire, until a page rests: what a slow line bears. */
export const MOST_BYTES = 250_000

/** What opening the page costs whoever was never there before. */
export async function scriptBytes(page: Page, address: string): Promise<number> {
  // A stream has no end, and so the page no rest.
  await page.route(`**${EVENTS_PATH}`, route => route.abort())
  const session = await page.context().newCDPSession(page)
  const bytes = await countScriptBytes(session)
  await session.send('Network.setCacheDisabled', { cacheDisabled: true })
  await page.goto(address, { waitUntil: 'networkidle' })
  await session.detach()
  return bytes()
}

/** Counts the JavaScript that comes over the wire from now on; call what it gives for the bytes so far. */
export async function countScriptBytes(session: CDPSession): Promise<() => number> {
  const scripts = new Set<string>()
  let bytes = 0
  session.on('Network.responseReceived', ({ requestId, type }) => {
    if (type === 'Script') scripts.add(requestId)
  })
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes += encodedDataLength
  })
  await session.send('Network.enable')
  return () => bytes
}
