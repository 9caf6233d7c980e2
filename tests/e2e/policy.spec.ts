import { expect, type Page, test } from '@playwright/test'
import { expectAccessible, expectNoSidewaysScroll } from './accessible.ts'
import { PORT } from './browser.ts'
import { expectListening } from './listening.ts'
import { MOST_BYTES, scriptBytes } from './script-bytes.ts'
import { type SignedInStack, startSignedIn } from './signed-in-stack.ts'
import { becomeOwner, signIn } from './signing-in.ts'

test.describe.configure({ mode: 'serial' })

let stack: SignedInStack
test.beforeAll(async () => {
  test.setTimeout(240_000)
  stack = await startSignedIn(PORT + 30)
})
test.afterAll(() => stack.stop())

const CHECK = 'Check, and show what it does'

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
  await signIn(page, stack, 'Ada Lovelace')
  await becomeOwner(page, stack)
  await expect(async () => {
    await page.goto(`${stack.url}/repositories?check=actions-pinned&outcome=fail&archived=all`)
    await expect(page.getByRole('rowheader')).toHaveCount(3, { timeout: 5_000 })
  }).toPass()

  await page.goto(`${stack.url}/policy`)
  await page.getByRole('link', { name: 'Change it' }).click()
  await expect(async () => {
    await page.getByRole('tab', { name: 'YAML' }).click()
    await expect(page).toHaveURL(/as=yaml/, { timeout: 5_000 })
  }).toPass()
  const text = page.getByLabel('The policy as YAML')
  await expect(text).toHaveValue(/version: 1/)
  const wrong = 'version: 1\n# ours\nitems:\n  pin-actions: 11\n'
  await text.fill(wrong)
  await page.getByRole('button', { name: CHECK }).click()
  await expect(page.getByText('items.pin-actions: A weight is 10 at most.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Line 4' })).toBeVisible()
  await expect(text).toHaveValue(wrong)
  await expectAccessible(page)

  const right = "version: 1\n# ours\nactions:\n  - { pattern: 'actions/*', demand: tag }\n"
  await text.fill(right)
  await page.getByRole('button', { name: CHECK }).click()
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
      timeout: 5_000,
    })
  }).toPass()
  await expect(page.getByText(new RegExp(`^${then}$`)).first()).toBeVisible()
  await page.goto(`${stack.url}/trends`)
  await expect(page.getByText('policy changed')).toBeAttached()

  await page.goto(`${stack.url}/policy/change?as=yaml`)
  // What is written before the page listens is not read; a person would write it again.
  await expect(async () => {
    await page.getByLabel('The policy as YAML').fill('# What the organisation demands.\nversion: 1\n')
    await page.getByRole('button', { name: CHECK }).click()
    await expect(page.getByText('3 of 3 repositories move.')).toBeVisible({ timeout: 15_000 })
  }).toPass()
  await page.getByRole('button', { name: 'Save as version 2' }).click()
  await expect(page.getByRole('link', { name: 'Use it again' })).toHaveAttribute('href', '/policy/change?from=1')
  await expect(async () => {
    await page.goto(`${stack.url}/repositories?check=actions-pinned&outcome=fail&archived=all`)
    await expect(page.getByRole('rowheader')).toHaveCount(3, { timeout: 5_000 })
  }).toPass()
  await page.goto(`${stack.url}/audit?action=policy.changed`)
  await expect(page.getByRole('cell', { name: 'policy:2' })).toBeVisible()
})

/** Opens the form and waits until it listens. */
async function openForm(page: Page): Promise<void> {
  await expect(async () => {
    await page.goto(`${stack.url}/policy/change?as=yaml`)
    await page.getByRole('tab', { name: 'Form' }).click()
    await expect(page.getByLabel('Find a check')).toBeVisible({ timeout: 5_000 })
  }).toPass()
}

test('a weight and a left-out path are set in the form, shown before they are saved, and saved', async ({ page }) => {
  await signIn(page, stack, 'Ada Lovelace')
  await openForm(page)
  await expectAccessible(page)
  await page.getByLabel('Find a check').fill('permissions')
  const weights = page.getByRole('list', { name: 'Hardening: build pipeline' }).getByLabel(/^Weight of/)
  await expect(weights).toHaveCount(1)
  await weights.fill('11')
  await page.getByLabel('Find a check').fill('')
  await page.getByLabel('Paths, one a line').fill('examples\ndocs/*')
  await page.getByRole('button', { name: CHECK }).click()
  const weight = page.locator('[name="checks.workflow-permissions-least.weight"]')
  await expect(weight).toBeFocused()
  await expect(weight).toHaveAccessibleDescription('A weight is 10 at most.')
  await expect(page.getByLabel('Paths, one a line')).toHaveAccessibleDescription(
    /^“docs\/\*”: Write the name of a folder/,
  )
  await expectAccessible(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await expectAccessible(page)
  await page.setViewportSize({ width: 320, height: 800 })
  await expectNoSidewaysScroll(page)

  // By keyboard alone from here: what is wrong is mended where it stands, and both views hold it.
  await weight.press('ControlOrMeta+a')
  await page.keyboard.type('4')
  await expect(weight).not.toHaveAttribute('aria-invalid')
  await page.getByLabel('Paths, one a line').press('ControlOrMeta+a')
  await page.keyboard.type('examples')
  await page.getByRole('tab', { name: 'Form' }).press('ArrowRight')
  await expect(page.getByRole('tab', { name: 'YAML' })).toBeFocused()
  const text = page.getByLabel('The policy as YAML')
  await expect(text).toHaveValue(/\nchecks:\n {2}workflow-permissions-least:\n {4}weight: 4\n/)
  await expect(text).toHaveValue(/\nleft-out:\n {2}- examples\n/)
  await expect(text).toHaveValue(/# What the organisation demands\./)
  await page.getByRole('tab', { name: 'YAML' }).press('ArrowLeft')
  await expect(weight).toHaveValue('4')

  await page.getByRole('button', { name: CHECK }).press('Enter')
  await expect(page.getByRole('heading', { name: 'What it would do' })).toBeFocused()
  const save = page.getByRole('button', { name: 'Save as version 3' })
  await expect(save).toBeEnabled()
  await page.getByLabel('Why (kept with the version)').fill('Rights of workflows matter most to us.')
  await save.press('Enter')
  await expect(page).toHaveURL(`${stack.url}/policy`)
  await expect(page.getByText('“Rights of workflows matter most to us.”')).toBeVisible()
})

test('what another saved meanwhile is told and not overwritten, and the draft stays', async ({ page, context }) => {
  await signIn(page, stack, 'Ada Lovelace')
  await openForm(page)
  const days = page.getByRole('textbox', { name: 'Longest waiver' })
  await days.fill('90')
  const other = await context.newPage()
  await openForm(other)
  await other.getByRole('textbox', { name: 'Longest waiver' }).fill('30')
  await other.getByRole('button', { name: CHECK }).click()
  await other.getByRole('button', { name: 'Save as version 4' }).click()
  await expect(other).toHaveURL(`${stack.url}/policy`)
  await page.getByRole('button', { name: CHECK }).click()
  await expect(page.getByText('Version 4 was saved meanwhile by Ada Lovelace.')).toBeVisible()
  await expect(days).toHaveValue('90')
  await page.getByRole('button', { name: 'Go on: my draft takes the place of version 4' }).click()
  await page.getByRole('button', { name: 'Save as version 5' }).click()
  await expect(page).toHaveURL(`${stack.url}/policy`)
  await expect(page.getByText('Version 5', { exact: true })).toBeVisible()
})

test('a group is made, and what the form cannot show is left to the YAML', async ({ page }) => {
  await signIn(page, stack, 'Ada Lovelace')
  await openForm(page)
  await page.getByRole('button', { name: 'Add a group' }).click()
  await expect(page.getByLabel('Name', { exact: true })).toBeFocused()
  await page.keyboard.type('Tier 1')
  await page.getByRole('button', { name: CHECK }).click()
  await expect(page.getByRole('group', { name: /^Of repositories with/ })).toBeFocused()
  await expect(page.getByText('Say which: topics, teams, properties or visibility.').first()).toBeVisible()
  await page.getByLabel('Topics, one a line').fill('tier-1')
  await expect(page.getByText('Say which: topics, teams, properties or visibility.')).toHaveCount(0)
  const group = page.getByRole('listitem').filter({ has: page.getByLabel('Topics, one a line') })
  await group.getByLabel('Name of a custom property').fill('compliance')
  await page.keyboard.press('Enter')
  const values = group.getByLabel('Property compliance, values one a line')
  await expect(values).toBeFocused()
  await page.keyboard.type('pci\nsox')
  await group.getByText('Waivers', { exact: true }).click()
  await group.getByRole('textbox', { name: 'Longest waiver' }).fill('14')
  await expectAccessible(page)
  await page.getByRole('tab', { name: 'YAML' }).click()
  const text = page.getByLabel('The policy as YAML')
  await expect(text).toHaveValue(
    /- name: Tier 1\n {4}match:\n {6}topics:\n {8}- tier-1\n {6}properties:\n {8}compliance:\n {10}- pci\n {10}- sox\n {4}longest-waiver-days: 14\n/,
  )
  await text.fill('version: 1\nleft-out: docs\n')
  await page.getByRole('tab', { name: 'Form' }).click()
  await expect(page.getByText('The form cannot show this text.')).toBeVisible()
  await expect(page.getByText('Line 2: left-out: Write a list here, or leave it out.')).toBeVisible()
  await page.getByRole('button', { name: 'Go to the YAML' }).click()
  await expect(text).toHaveValue('version: 1\nleft-out: docs\n')
  await expect(text).toBeFocused()
})

test('a changed draft is not left by a link, the palette or going back without being asked', async ({ page }) => {
  await signIn(page, stack, 'Ada Lovelace')
  await page.goto(`${stack.url}/policy`)
  await page.getByRole('link', { name: 'Change it' }).click()
  const overview = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Overview', exact: true })
  const days = page.getByRole('textbox', { name: 'Longest waiver' })
  await expectListening(days)
  const before = await days.inputValue()
  // What edits the policy comes once somebody means to.
  await days.click()
  await days.fill('60')
  const asked = page.getByRole('dialog', { name: 'Leave without saving?' })
  await overview.click()
  await expect(asked).toBeVisible()
  await expect(page.getByRole('button', { name: 'Stay here' })).toBeFocused()
  await expectAccessible(page)
  await page.keyboard.press('Escape')
  await expect(asked).toBeHidden()
  await expect(overview).toBeFocused()
  await expect(days).toHaveValue('60')

  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Page, check or repository' }).fill('Trends')
  await page.keyboard.press('Enter')
  await expect(asked).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(asked).toBeHidden()
  await expect(page).toHaveURL(/\/policy\/change/)

  await page.evaluate(() => history.back())
  await expect(asked).toBeVisible()
  await page.getByRole('button', { name: 'Leave without saving' }).click()
  await expect(page).toHaveURL(`${stack.url}/policy`)

  // What is as it was is left without a word.
  await page.getByRole('link', { name: 'Change it' }).click()
  await expect(days).toHaveValue(before)
  await overview.click()
  await expect(page).toHaveURL(`${stack.url}/`)
  await expect(asked).toHaveCount(0)
})

test('the form brings no more JavaScript than any other page', async ({ page }) => {
  await signIn(page, stack, 'Ada Lovelace')
  const bytes = await scriptBytes(page, `${stack.url}/policy/change`)
  await expect(page.getByRole('button', { name: CHECK })).toBeVisible()
  expect(bytes).toBeGreaterThan(0)
  expect(bytes).toBeLessThanOrEqual(MOST_BYTES)
})
