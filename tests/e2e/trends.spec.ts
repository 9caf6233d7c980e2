import { expect, test } from '@playwright/test'

test('a trend has an address, a sentence, a drawing and its numbers', async ({ page }) => {
  await page.goto('/trends')
  await page.locator('select[name=of]').selectOption('item:pin-actions')
  await page.getByRole('button', { name: 'Show' }).click()
  await expect(page).toHaveURL(/of=item%3Apin-actions/)
  await expect(page.getByRole('img', { name: /^Pin Actions by SHA, .*: \d+ % at first, \d+ % at last$/ })).toBeVisible()
  await page.getByText('The same as numbers').click()
  await expect.poll(() => page.getByRole('row').count()).toBeGreaterThan(40)
})

test('every item is compared at both ends of the time, with how many it is of', async ({ page }) => {
  await page.goto('/trends?from=2026-06-01')
  const row = page.getByRole('row', { name: /Pin Actions by SHA/ })
  await expect(row.getByText(/^of \d+$/).first()).toBeVisible()
  await row.getByRole('link').click()
  await expect(page).toHaveURL('/trends?from=2026-06-01&item=pin-actions')
})

test('the overview is compared with the day that one picks', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('link', { name: '90 days' }).click()
  await expect(page).toHaveURL(/\?since=\d{4}-\d\d-\d\d$/)
  await expect(page.getByRole('link', { name: '90 days' })).toHaveAttribute('aria-current', 'true')
  await page.goto('/?since=nonsense')
  await expect(page.getByRole('link', { name: '30 days' })).toHaveAttribute('aria-current', 'true')
})
