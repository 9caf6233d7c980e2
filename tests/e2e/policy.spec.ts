import { expect, test } from '@playwright/test'
import { expectAccessible, expectNoSidewaysScroll } from './accessible.ts'
import { PORT } from './browser.ts'
import { type SignedInStack, startSignedIn } from './signed-in-stack.ts'

test.describe.configure({ mode: 'serial' })

let stack: SignedInStack
test.beforeAll(async () => {
  test.setTimeout(240_000)
  stack = await startSignedIn(PORT + 30)
})
test.afterAll(() => stack.stop())

test('the demo shows what is demanded, since when and by whom, and changes nothing', async ({ page }) => {
  await page.goto('/policy')
  await expect(page.getByText('nothing is changed in it')).toBeVisible()
  await expect(page.getByText('Waivers last five months at most')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Change it' })).toHaveCount(0)
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'As YAML', exact: true }).click(),
  ])
  expect(file.suggestedFilename()).toBe('policy-1.yaml')
  await page.setViewportSize({ width: 320, height: 800 })
  await expectNoSidewaysScroll(page)
})

test('a change is told what is wrong with it by line, shown before it is saved, saved, marked, and undone', async ({
  page,
}) => {
  test.setTimeout(180_000)
  await page.goto(stack.url)
  await page.getByRole('link', { name: /Continue with GitHub/ }).click()
  await page.getByRole('link', { name: /Continue as Ada Lovelace/ }).click()
  await expect(page.getByText('Ada Lovelace')).toBeVisible()
  await page.goto(stack.url + (await stack.claimPath()))
  await page.getByRole('button', { name: 'Become the owner' }).click()
  await expect(page.getByLabel('Role of Ada Lovelace')).toHaveValue('owner')
  await expect(async () => {
    await page.goto(`${stack.url}/repositories?check=actions-pinned&outcome=fail&archived=all`)
    await expect(page.getByRole('rowheader')).toHaveCount(3, { timeout: 1_000 })
  }).toPass()

  await page.goto(`${stack.url}/policy`)
  await page.getByRole('link', { name: 'Change it' }).click()
  await expect(async () => {
    await page.getByRole('tab', { name: 'YAML' }).click()
    await expect(page).toHaveURL(/as=yaml/, { timeout: 1_000 })
  }).toPass()
  const text = page.getByLabel('The policy as YAML')
  await expect(text).toHaveValue(/version: 1/)
  const wrong = 'version: 1\n# ours\nitems:\n  pin-actions: 11\n'
  await text.fill(wrong)
  await page.getByRole('button', { name: 'Check, and show what it does' }).click()
  await expect(page.getByText('items.pin-actions: A weight is 10 at most.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Line 4' })).toBeVisible()
  await expect(text).toHaveValue(wrong)
  await expectAccessible(page)

  const right = "version: 1\n# ours\nactions:\n  - { pattern: 'actions/*', demand: tag }\n"
  await text.fill(right)
  await page.getByRole('button', { name: 'Check, and show what it does' }).click()
  await expect(page.getByText('3 of 3 repositories move.')).toBeVisible()
  const row = page.getByRole('row').filter({ hasText: 'ledger' })
  await expect(row.getByText('up')).toBeAttached()
  const then = (await row.getByRole('cell').nth(1).innerText()).match(/\d+/)?.[0] ?? ''
  await expectAccessible(page)
  await page.getByLabel('Why (kept with the version)').fill('GitHub keeps its own tags.')
  await page.getByRole('button', { name: 'Save as version 1' }).click()
  await expect(page).toHaveURL(`${stack.url}/policy`)
  await expect(page.getByText('“GitHub keeps its own tags.”')).toBeVisible()
  await expectAccessible(page)
  await expect(async () => {
    await page.goto(`${stack.url}/repositories/ledger`)
    await expect(page.getByRole('list').filter({ hasText: 'the policy changed here' }).first()).toBeVisible({
      timeout: 1_000,
    })
  }).toPass()
  await expect(page.getByText(new RegExp(`^${then}$`)).first()).toBeVisible()
  await page.goto(`${stack.url}/trends`)
  await expect(page.getByText('policy changed')).toBeAttached()

  await page.goto(`${stack.url}/policy/change?as=yaml`)
  // What is written before the page listens is not read; a person would write it again.
  await expect(async () => {
    await page.getByLabel('The policy as YAML').fill('version: 1\n')
    await page.getByRole('button', { name: 'Check, and show what it does' }).click()
    await expect(page.getByText('3 of 3 repositories move.')).toBeVisible({ timeout: 5_000 })
  }).toPass()
  await page.getByRole('button', { name: 'Save as version 2' }).click()
  await expect(page.getByRole('link', { name: 'Use it again' })).toHaveAttribute('href', '/policy/change?from=1')
  await expect(async () => {
    await page.goto(`${stack.url}/repositories?check=actions-pinned&outcome=fail&archived=all`)
    await expect(page.getByRole('rowheader')).toHaveCount(3, { timeout: 1_000 })
  }).toPass()
  await page.goto(`${stack.url}/audit?action=policy.changed`)
  await expect(page.getByRole('cell', { name: 'policy:2' })).toBeVisible()
})
