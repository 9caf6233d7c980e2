import { expect, type Page, test } from '@playwright/test'

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
  await page.getByRole('button', { name: 'As Markdown' }).click()
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(copied).toMatch(/^## .*: what to do next\n\n- \[ \] \*\*/)
})

test('the scans tell what came and went', async ({ page }) => {
  await openFailing(page)
  const scans = page.locator('section', { has: page.getByRole('heading', { name: 'Scans' }) }).first()
  await expect(scans.getByText(/\d+ (new|fixed)|no finding came or went/).first()).toBeVisible()
})

test('a repository that does not exist is said to be none', async ({ page }) => {
  const answer = await page.goto('/repositories/no-such-one')
  expect(answer?.status()).toBeLessThan(500)
  await expect(page.getByText('There is nothing under this address')).toBeVisible()
})
