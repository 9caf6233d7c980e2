import { expect, test } from '@playwright/test'

test('who uses a package is found by the beginning of its name, down to the line', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Inventory' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Inventory' })).toBeVisible()
  const first = page.getByRole('rowheader').getByRole('link').first()
  const name = (await first.textContent()) ?? ''
  await page.getByLabel('Name', { exact: true }).fill(name.slice(0, 4))
  await page.getByRole('button', { name: 'Find' }).click()
  await expect(page).toHaveURL(/[?&]q=/)
  await page.getByRole('rowheader').getByRole('link', { name, exact: true }).first().click()
  await expect(page.getByRole('status').filter({ hasText: /places? names? it/ })).toBeVisible()
  const place = page.getByRole('row').nth(1).getByRole('cell').getByRole('link')
  await expect(place).toHaveAttribute('href', /\/blob\/[0-9a-f]{40}\/.*#L\d+$/)
  await page.getByRole('rowheader').getByRole('link').first().click()
  await page
    .getByRole('navigation', { name: /^Pages of/ })
    .getByRole('link', { name: 'Inventory' })
    .click()
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByRole('button', { name: 'Find' }).click()
  await expect(page.getByRole('rowheader', { name, exact: true }).first()).toBeVisible()
})

test('who calls an action is told with what each call is pinned to', async ({ page }) => {
  await page.goto('/inventory?kind=actions&q=checkout')
  await page.getByRole('rowheader').getByRole('link', { name: 'actions/checkout' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'actions/checkout' })).toBeVisible()
  await expect(page.getByRole('cell', { name: /^v\d/ }).first()).toBeVisible()
  await page.getByRole('link', { name: 'Next' }).click()
  await expect(page).toHaveURL(/page=2/)
  await expect(page.getByText(/^51–/)).toBeVisible()
})

test('what nobody uses is said, whatever is written into the address', async ({ page }) => {
  await page.goto("/inventory?q=%00%25_'&page=-3&kind=spells&ecosystem=none")
  await expect(page.getByText('Nothing in use is called like that')).toBeVisible()
  await page.goto('/inventory?of=%3Cscript%3E')
  await expect(page.getByText('No repository uses it')).toBeVisible()
})
