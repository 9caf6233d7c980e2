import { expect, test } from '@playwright/test'

test('owners stand beside one another, and their numbers lead to the repositories that they count', async ({
  page,
}) => {
  await page.goto('/owners')
  const first = page
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader') })
    .first()
  const cells = first.getByRole('cell')
  const repositories = Number(await cells.nth(0).innerText())
  const owner = await first.getByRole('rowheader').getByRole('link').innerText()
  expect(repositories).toBeGreaterThan(0)
  await cells.nth(0).getByRole('link').click()
  await expect(page).toHaveURL(`/repositories?owner=${encodeURIComponent(owner)}`)
  await expect(page.getByLabel('Owner')).toHaveValue(owner)
  await expect(page.getByRole('rowheader')).toHaveCount(repositories)
})

test('whoever moved up most stands first, and the reader can ask for another order', async ({ page }) => {
  await page.goto('/owners')
  await expect(page.getByRole('columnheader', { name: '30 days' })).toHaveAttribute('aria-sort', 'descending')
  await page.getByRole('link', { name: 'Open findings' }).click()
  await expect(page).toHaveURL('/owners?sort=findings')
  await expect(page.getByRole('columnheader', { name: 'Open findings' })).toHaveAttribute('aria-sort', 'descending')
  const counts = await page.locator('tbody tr td:last-child').allInnerTexts()
  const numbers = counts.map(text => Number(text.replaceAll(',', '')))
  expect(numbers).toEqual(numbers.toSorted((a, b) => b - a))
})

test('the mean change leads to the changes that it is the mean of', async ({ page }) => {
  await page.goto('/owners?days=90')
  await page.locator('tbody tr').first().locator('td').nth(2).getByRole('link').click()
  await expect(page).toHaveURL(/^[^?]+\?owner=[^&]+&days=90&columns=score%2Cchange%2Cfindings$/)
  await expect(page.getByRole('columnheader', { name: '90 days' })).toBeVisible()
  await expect(page.getByLabel('Score').getByRole('option', { name: 'rose in 90 days' })).toBeAttached()
})

test('the list and the scorecard say who answers, and by what', async ({ page }) => {
  await page.goto('/repositories?q=payments-api&columns=owners,score')
  await expect(page.getByRole('row', { name: /payments-api/ }).getByText('team · CODEOWNERS · property')).toBeVisible()
  await page.getByRole('rowheader').getByRole('link', { name: 'payments-api', exact: true }).click()
  await expect(page.getByRole('link', { name: 'payments', exact: true })).toHaveAttribute(
    'href',
    '/repositories?owner=payments',
  )
})

test('where nobody signs in nothing is anybody’s own', async ({ page }) => {
  await page.goto('/repositories')
  await expect(page.getByRole('rowheader').first()).toBeVisible()
  await expect(page.getByRole('link', { name: 'My repositories' })).toHaveCount(0)
  await page.goto('/owners')
  await expect(page.getByRole('rowheader').first()).toBeVisible()
  await expect(page.getByRole('link', { name: 'My repositories' })).toHaveCount(0)
})
