import { expect, test } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { PORT } from './browser.ts'
import { startSignedIn } from './signed-in-stack.ts'
import { becomeOwner, signIn } from './signing-in.ts'

test('in the demo the page tells what the token may, and nobody changes anything', async ({ page }) => {
  await page.goto('/crawls')
  await page.getByRole('link', { name: 'what it costs' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Access to GitHub' })).toBeVisible()
  await expect(page.getByText(/^tested /)).toBeVisible({ timeout: 30_000 })
  await expect(page.getByRole('listitem').filter({ hasText: 'Contents' })).toContainText('can be read')
  await expect(page.getByRole('button', { name: 'Test again' })).toHaveCount(0)
  await expectAccessible(page)
})

test('an owner sees what is missing, what that costs and where to give it, and has it tested again', async ({
  page,
}) => {
  test.setTimeout(180_000)
  const stack = await startSignedIn(PORT + 40)
  try {
    await signIn(page, stack, 'Ada Lovelace')
    await becomeOwner(page, stack)
    await page.goto(`${stack.url}/settings`)
    await page.getByRole('main').getByRole('link', { name: 'Access to GitHub' }).click()
    const row = (name: string) => page.getByRole('listitem').filter({ has: page.getByRole('heading', { name }) })
    await expect(page.getByText('GitHub App, by the token of its installation')).toBeVisible({ timeout: 30_000 })
    await expect(row('Contents')).toContainText('can be read')
    const security = row('Security settings')
    await expect(security).toContainText('the token may not')
    await expect(security).toContainText('Unknown without it: alerts-enabled, secret-scanning-enabled')
    await expect(security.getByRole('link', { name: /The app’s settings/ })).toHaveAttribute(
      'href',
      `${stack.github.url}/organizations/acme/settings/apps`,
    )
    await expect(security).toContainText('Repository permissions, Administration: Read-only')
    await expectAccessible(page)
    const asked = stack.github.counters.byRoute['graphql CheckAccess'] ?? 0
    await expect(async () => {
      await page.getByRole('button', { name: 'Test again' }).click()
      await expect(page.getByRole('status').filter({ hasText: 'testing' })).toBeVisible({ timeout: 5_000 })
    }).toPass()
    await expect(page.getByText(/^tested /)).toBeVisible({ timeout: 30_000 })
    expect(stack.github.counters.byRoute['graphql CheckAccess']).toBeGreaterThan(asked)
    await security.getByRole('link', { name: 'alerts-enabled' }).click()
    await expect(page).toHaveURL(`${stack.url}/checks/alerts-enabled`)
  } finally {
    await stack.stop()
  }
})
