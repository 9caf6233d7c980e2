import { expect, test } from '@playwright/test'
import { expectListening } from './listening.ts'
import { typedLetters } from './typing.ts'

test('filters stand in the address, and going back undoes them', async ({ page }) => {
  await page.goto('/repositories')
  await expectListening(page.getByLabel('Outcome'))
  const total = await page.getByRole('rowheader').count()
  await page.getByLabel('Outcome').selectOption('fail')
  await expect(page).toHaveURL('/repositories?outcome=fail')
  await page.getByLabel('Item or check').selectOption('check:actions-pinned')
  await expect(page).toHaveURL('/repositories?check=actions-pinned&outcome=fail')
  await expect(async () => {
    const fewer = await page.getByRole('rowheader').count()
    expect(fewer).toBeGreaterThan(0)
    expect(fewer).toBeLessThan(total)
  }).toPass()
  await page.goBack()
  await page.goBack()
  await expect(page).toHaveURL('/repositories')
  await expect(page.getByLabel('Outcome')).toHaveValue('')
  await expect(page.getByRole('rowheader')).toHaveCount(total)
})

for (const [speed, rate] of [
  ['full', 1],
  ['a quarter of the', 4],
] as const) {
  test(`at ${speed} speed a letter typed in the filter or the header shows within 100 ms`, async ({ page }) => {
    await page.goto('/repositories')
    await expect(page.getByRole('rowheader').first()).toBeVisible()
    const session = await page.context().newCDPSession(page)
    await session.send('Emulation.setCPUThrottlingRate', { rate })
    for (const part of ['main', 'banner'] as const) {
      const box = page.getByRole(part).getByRole('searchbox')
      const taken = (await typedLetters(box, 'payments-sdk')).toSorted((a, b) => a - b)
      expect(taken).toHaveLength(12)
      // One of them may meet what else the page does.
      expect(taken[6], `${taken.map(Math.round)} ms in ${part}`).toBeLessThan(100)
      await expect(box).toHaveValue('payments-sdk')
    }
  })
}

test('a column sorts, and a second time the other way round', async ({ page }) => {
  await page.goto('/repositories')
  const names = page.getByRole('rowheader').getByRole('link')
  await page.getByRole('link', { name: 'Repository', exact: true }).click()
  await expect(page).toHaveURL('/repositories?sort=name')
  await expect(page.getByRole('columnheader', { name: /Repository/ })).toHaveAttribute('aria-sort', 'ascending')
  await expect(async () => {
    const ascending = await names.allTextContents()
    expect(ascending.length).toBeGreaterThan(1)
    expect(ascending).toEqual([...ascending].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)))
  }).toPass()
  await page.getByRole('link', { name: /^Repository/ }).click()
  await expect(page).toHaveURL('/repositories?sort=name&order=desc')
  await expect(page.getByRole('columnheader', { name: /Repository/ })).toHaveAttribute('aria-sort', 'descending')
})

test('the search of the header finds by a part of the name, and what is not there is said', async ({ page }) => {
  await page.goto('/')
  // The key works once the page's script has run; a person would press it again.
  await expect(async () => {
    await page.keyboard.press('/')
    await expect(page.getByRole('searchbox')).toBeFocused({ timeout: 1_000 })
  }).toPass()
  await page.getByRole('searchbox').fill('no-such-repository')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/repositories\?q=no-such-repository/)
  await expect(page.getByText('No repository is like that')).toBeVisible()
  await page.getByRole('link', { name: 'Show all of them' }).click()
  await expect(page.getByRole('rowheader').first()).toBeVisible()
})

test('an address that makes no sense still shows a list', async ({ page }) => {
  await page.goto("/repositories?grade=Z&sort=DROP%20TABLE&page=-4&outcome=maybe&q=%25_'%22")
  await expect(page.getByRole('heading', { level: 1, name: 'Repositories' })).toBeVisible()
  await page.goto('/repositories?page=999')
  await expect(page.getByText('The list ends before this page')).toBeVisible()
})

test('archived repositories are left out until asked for', async ({ page }) => {
  await page.goto('/repositories')
  await expect(page.getByText('archived', { exact: true })).toHaveCount(0)
  await expectListening(page.getByLabel('Archived'))
  await page.getByLabel('Archived').selectOption('yes')
  await expect(page).toHaveURL('/repositories?archived=yes')
  await expect(page.getByText('archived', { exact: true }).first()).toBeVisible()
})
