import { expect, test } from '@playwright/test'
import { ITEMS } from '../../lib/check.ts'

test('says that it is the demo and how to see one’s own organisation', async ({ page }) => {
  await page.goto('/')
  const banner = page.getByRole('complementary', { name: 'Demo' })
  await expect(banner).toContainText('GITHUB_TOKEN=… GITHUB_ORG=your-org npm start')
})

test('shows the score with its grade, the trend, and the numbers behind it', async ({ page }) => {
  await page.goto('/')
  const hero = page.getByRole('region', { name: 'Minimum-viable score' })
  await expect(hero.getByText(/^Grade/)).toBeAttached()
  await expect(hero.getByRole('img', { name: /The score over twelve months/ })).toBeVisible()
  await hero.getByText('Twelve months as numbers').click()
  await expect.poll(() => hero.getByRole('row').count()).toBeGreaterThan(40)
})

test('every number of an item leads to the repositories that it counts', async ({ page }) => {
  await page.goto('/')
  const links = page.getByRole('link', { name: /repositories (pass|fail|are not concerned).*: Pin Actions by SHA/ })
  await expect(links.first()).toBeVisible()
  const hrefs = await links.evaluateAll(all =>
    all.map(a => ({ href: a.getAttribute('href') ?? '', said: a.textContent })),
  )
  expect(hrefs.length).toBeGreaterThan(1)
  for (const { href, said } of hrefs) {
    await page.goto(href)
    await expect(page.getByRole('status').filter({ hasText: ' of ' })).toContainText(
      `${Number.parseInt(said ?? '', 10)} of`,
    )
  }
})

test('what moved the score leads to its repository', async ({ page }) => {
  await page.goto('/')
  const moved = page.locator('section', { has: page.getByRole('heading', { name: 'What moved the score' }) })
  const first = moved.getByRole('link').first()
  const name = await first.textContent()
  await first.click()
  await expect(page.getByRole('heading', { level: 1, name: name ?? '' })).toBeVisible()
})

test('the score’s change leads to what moved, over as many days', async ({ page }) => {
  await page.goto('/')
  const hero = page.getByRole('region', { name: 'Minimum-viable score' })
  await hero.getByRole('link', { name: /^(up|down) / }).click()
  await expect(page.getByRole('columnheader', { name: /^\d+ days/ })).toHaveAttribute('aria-sort', 'ascending')
})

test('the picture in the README', async ({ page }, { config }) => {
  test.skip(config.updateSnapshots !== 'all', 'made anew only when asked: --update-snapshots=all')
  await page.goto('/')
  await expect(page.getByRole('heading', { name: 'The six items' })).toBeVisible()
  await page.screenshot({ path: 'tests/e2e/screenshots/overview.png' })
})

test('the report fits one sheet of paper and says what the overview says', async ({ page }) => {
  await page.goto('/')
  const share = await page
    .getByRole('main')
    .getByText(/repositories$/)
    .first()
    .textContent()
  await page.getByRole('link', { name: 'Report', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: /^Supply-chain posture of/ })).toBeVisible()
  await expect(page.getByText(new RegExp(`of ${share} meet every item`))).toBeVisible()
  for (const { title } of ITEMS) await expect(page.getByRole('rowheader', { name: title })).toBeVisible()
  // A PDF names each of its pages once as an object of that type.
  const pdf = (await page.pdf({ format: 'A4' })).toString('latin1')
  expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1)
})
