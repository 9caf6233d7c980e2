import { expect, test } from '@playwright/test'
import { CHECKS } from '#lib/checks/index.ts'
import { defaultPolicy } from '#lib/policy/policy.ts'

test('the catalogue holds every check', async ({ page }) => {
  await page.goto('/checks')
  for (const { title } of CHECKS) await expect(page.getByRole('link', { name: title, exact: true })).toBeVisible()
})

test('a check’s page is written from its module', async ({ page }) => {
  // Some thirty pages, one after another.
  test.slow()
  for (const { id, title } of CHECKS) {
    await page.goto(`/checks/${id}`)
    await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible()
    await expect(page.getByRole('figure', { name: 'The example as a diff' })).toContainText('+')
    await expect(page.getByRole('heading', { name: 'Who fails' })).toBeVisible()
  }
})

test('a check that the policy tells says what it is told, and from where', async ({ page }) => {
  await page.goto('/checks/lockfile-hosts-trusted')
  await expect(page.getByRole('heading', { name: 'Trusted registries' })).toBeVisible()
  for (const hosts of Object.values(defaultPolicy.trustedRegistries))
    await expect(page.getByText(`${hosts.join(', ')} · as `)).toBeVisible()
  await page.goto('/checks/actions-pinned')
  await expect(page.getByRole('heading', { name: 'Trust in actions' })).toBeVisible()
})
