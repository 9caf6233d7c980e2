import { expect, type Page, test } from '@playwright/test'
import { expectListening } from './listening.ts'

async function openFailing(page: Page): Promise<void> {
  await page.goto('/repositories?check=actions-pinned&outcome=fail&archived=no')
  await page.getByRole('rowheader').getByRole('link').first().click()
  await expect(page.getByRole('heading', { level: 3, name: 'Actions are pinned to a full commit SHA' })).toBeVisible()
}

test('a failing check shows its evidence and links to the line at the crawled commit', async ({ page, request }) => {
  await openFailing(page)
  const check = page.getByRole('region', { name: 'Actions are pinned to a full commit SHA' })
  await expect(check.getByText(/\d+ of \d+ fails?$/)).toBeVisible()
  const finding = check.getByRole('article').first()
  const link = finding.getByRole('link', { name: /^\.github\/workflows\/.*:\d+$/ })
  const href = (await link.getAttribute('href')) ?? ''
  expect(href).toMatch(/\/blob\/[0-9a-f]{40}\/\.github\/workflows\/.*#L\d+$/)
  expect((await request.get(href)).status()).toBe(200)
  await expect(finding.getByRole('figure', { name: /^Lines / })).toContainText('uses:')
  await expect(check).toContainText('What to do.')
})

test('the plumb line and what to do next lead down to the checks', async ({ page }) => {
  await openFailing(page)
  await page
    .getByRole('navigation', { name: 'The six items' })
    .getByRole('link', { name: /Pin Actions by SHA/ })
    .click()
  await expect(page).toHaveURL(/#actions-pinned$/)
  const next = page.locator('section', { has: page.getByRole('heading', { name: 'Next, most gain first' }) })
  await expect(next.getByRole('link').first()).toBeVisible()
  await expect(next.getByText(/^\+\d/).first()).toBeVisible()
})

test('what to do is copied as Markdown', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await openFailing(page)
  await page.getByRole('link', { name: 'To do' }).click()
  await expectListening(page.getByRole('button', { name: 'As Markdown' }))
  await page.getByRole('button', { name: 'As Markdown' }).click()
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(copied).toMatch(/^## `.*`: what to do next\n\nAs of `[0-9a-f]{12}`\.\n\n- \[ \] \*\*/)
})

test('the scans tell what came and went', async ({ page }) => {
  await openFailing(page)
  const scans = page.locator('section', { has: page.getByRole('heading', { name: 'Scans' }) }).first()
  await expect(scans.getByText(/\d+ (new|fixed)|no finding came or went/).first()).toBeVisible()
})

test('the wrong token is marked in the reader’s own code', async ({ page }) => {
  await openFailing(page)
  const check = page.getByRole('region', { name: 'Actions are pinned to a full commit SHA' })
  await expect(check.getByRole('figure').first().locator('mark')).not.toBeEmpty()
})

test('fixes come as a file that git takes: of a check, and all safe ones as one', async ({ page, request }) => {
  await page.goto('/repositories?check=updates-automated&outcome=fail')
  await page.getByRole('rowheader').getByRole('link').first().click()
  for (const name of [/Download what fixes .* as .patch/, /safe fix(es)? as (one )?.patch/]) {
    const link = page.getByRole('link', { name }).first()
    const answer = await request.get((await link.getAttribute('href')) ?? '')
    expect(answer.headers()['content-disposition']).toMatch(/^attachment; filename="[\w.-]+-[0-9a-f]{7}\.patch"$/)
    expect(await answer.text()).toMatch(/^diff --git /)
  }
})

test('the owner’s way: from a link to the finding, the fix and the list to its end', async ({ page }) => {
  await openFailing(page)
  await page.getByRole('link', { name: 'To do' }).click()
  const steps = page.getByRole('region', { name: 'For the score' }).getByRole('listitem')
  await expect(steps.first().getByText(/^\+\d/)).toBeVisible()
  await page.getByRole('link', { name: 'What changed' }).click()
  await expect(page.getByRole('heading', { level: 1, name: /: what changed$/ })).toBeVisible()
  await expect(page.getByText(/\d+ fixed · \d+ new · \d+ still open/).first()).toBeVisible()
  await page.getByRole('link', { name: 'Scorecard' }).click()
  await expect(page.getByRole('navigation', { name: 'The six items' })).toBeVisible()
})

test('the page is told as JSON', async ({ page, request }) => {
  await openFailing(page)
  const href = await page.getByRole('link', { name: 'This page as JSON' }).first().getAttribute('href')
  const card = await (await request.get(href ?? '')).json()
  expect(card.checks.map((check: { id: string }) => check.id)).toContain('actions-pinned')
})

test('a repository that does not exist is said to be none', async ({ page }) => {
  const answer = await page.goto('/repositories/no-such-one')
  expect(answer?.status()).toBeLessThan(500)
  await expect(page.getByText('There is nothing under this address')).toBeVisible()
})
