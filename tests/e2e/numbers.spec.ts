/** Every number that is a link leads to a list, and that list holds exactly as many. */
import { type APIRequestContext, expect, type Page, test } from '@playwright/test'
import { expectStill } from './accessible.ts'

type Counted = { said: string; number: number; href: string }

const PLACES = ['/', '/owners', '/checks', '/checks/actions-pinned', '/crawls', '/report']

// Many pages lead to the same lists, and the demo stands still.
const lengths = new Map<string, number>()

/** A number first, as in "12 fail"; that of a tab or of the navigation comes last. */
const NUMBER = /^([\d,]+)(?![\d,]*[.%])|([\d,]+)(?: to decide)?$/

for (const place of PLACES) {
  test(`each number of ${place} is the length of the list that it leads to`, async ({ page, request }) => {
    await page.goto(place)
    await expect(page.getByRole('heading', { level: 1 })).toBeAttached()
    await expectStill(page)
    const counted = await numbersOf(page)
    expect(counted.length).toBeGreaterThan(2)
    const wrong: string[] = []
    for (const { said, number, href } of counted) {
      const length = lengths.get(href) ?? (await lengthOf(href, request))
      lengths.set(href, length)
      if (length !== number) wrong.push(`"${said}" leads to ${href}, which has ${length}`)
    }
    expect(wrong).toEqual([])
  })
}

test('the findings of a row are those of its list of what to do', async ({ page }) => {
  await page.goto('/repositories?sort=findings&order=desc')
  const links = page.getByRole('cell').getByRole('link').filter({ hasText: /^\d+$/ })
  await expect(links.first()).toBeVisible()
  const rows = await links.evaluateAll(all => all.map(a => [a.textContent, a.getAttribute('href')] as const))
  for (const [said, href] of rows.slice(0, 5)) {
    await page.goto(href ?? '')
    await expect(page.getByRole('heading', { level: 1 })).toContainText('to do')
    const steps = page.getByRole('listitem').getByText(/^\d+ of \d+ fails?/)
    await expect(steps.first()).toBeVisible()
    const failing = (await steps.allInnerTexts())
      .map(words => Number.parseInt(words, 10))
      .reduce((sum, count) => sum + count, 0)
    expect(String(failing)).toBe(said)
  }
})

test('each part of the list of waivers has as many as its tab says', async ({ page }) => {
  await page.goto('/waivers?list=all')
  const tabs = page.getByRole('navigation', { name: 'Parts of the list' }).getByRole('link')
  await expect(tabs.first()).toBeVisible()
  const parts = await tabs.evaluateAll(all => all.map(a => [a.textContent, a.getAttribute('href')] as const))
  expect(parts.length).toBeGreaterThan(3)
  for (const [said, href] of parts) {
    await page.goto(href ?? '')
    const rows = page.getByRole('region', { name: 'Waivers' }).locator('li[id^="waiver-"]')
    await expect(rows).toHaveCount(Number(/\d+$/.exec(said ?? '')?.[0]))
  }
})

/** The links that count: what they lead to is a list of repositories or, of one, the places of a check. */
async function numbersOf(page: Page): Promise<Counted[]> {
  const links = page.locator('a[href^="/repositories"]')
  const found = await links.evaluateAll(all =>
    all.map(a => ({ said: (a as HTMLElement).innerText.trim(), href: a.getAttribute('href') ?? '' })),
  )
  return found.flatMap(({ said, href }) => {
    // A mean of changes is no count; tests/store/pages/owners.test.ts holds it to its list.
    if (/[▲▼±]/.test(said)) return []
    const [, first, last] = NUMBER.exec(said) ?? []
    const number = first ?? last
    // What moved a score is a stretch of its history, which is no list.
    if (number === undefined || href.endsWith('/changes')) return []
    return [{ said, href, number: Number(number.replaceAll(',', '')) }]
  })
}

async function lengthOf(href: string, request: APIRequestContext): Promise<number> {
  const url = new URL(href, 'http://localhost')
  const [, name] = /^\/repositories\/([^/]+)$/.exec(url.pathname) ?? []
  if (name !== undefined) return placesOf(name, url.hash.slice(1), request)
  const { searchParams: query } = url
  if (query.get('sort') === 'findings') return sumOf(query, request)
  if (query.get('order') === 'desc') return meanOf(query, request)
  const html = await (await request.get(href)).text()
  const words = html.replaceAll(/<!--.*?-->|<[^>]*>/g, '')
  return Number(/([\d,]+) of [\d,]+ in northwind-labs/.exec(words)?.[1]?.replaceAll(',', ''))
}

/** The wrong places of one check, or all that are open. */
async function placesOf(name: string, check: string, request: APIRequestContext): Promise<number> {
  const card = await (await request.get(`/api/repositories/${name}`)).json()
  return card.checks.find(({ id }: { id: string }) => id === check)?.failing
}

type Row = { score: number | null; hardening: number | null; open_findings: number | null }

async function rowsOf(query: URLSearchParams, request: APIRequestContext): Promise<Row[]> {
  return (await request.get(`/api/exports/repositories?${query}&format=json`)).json()
}

async function sumOf(query: URLSearchParams, request: APIRequestContext): Promise<number> {
  const rows = await rowsOf(query, request)
  return rows.reduce((sum, row) => sum + (row.open_findings ?? 0), 0)
}

/** The one number that is no count: a score, or that of hardening, of the list that it is the mean of. */
async function meanOf(query: URLSearchParams, request: APIRequestContext): Promise<number> {
  const which = query.get('sort') === 'hardening' ? 'hardening' : 'score'
  const scores = (await rowsOf(query, request)).flatMap(row => row[which] ?? [])
  return Math.floor(scores.reduce((sum, score) => sum + score, 0) / scores.length)
}
