import { expect, test } from '@playwright/test'

test('the runs with their cost, the budget left, and why something could not be read', async ({ page }) => {
  await page.goto('/crawls')
  await expect(page.getByText(/\d+ REST requests · \d+ GraphQL points · \d+ git requests/).first()).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Budget left' })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Could not be read' })).toBeVisible()
})

test('the header says how much was crawled, and each number leads to what it counts', async ({ page }) => {
  await page.goto('/crawls')
  const header = page.getByRole('banner')
  await expect(header).toContainText(/\d+ of \d+ crawled/)
  const empty = header.getByRole('link', { name: /^\d+ empty$/ })
  const count = Number.parseInt((await empty.textContent()) ?? '', 10)
  await empty.click()
  await expect(page).toHaveURL('/repositories?crawl=empty&archived=all')
  await expect(page.getByRole('rowheader')).toHaveCount(count)
})
