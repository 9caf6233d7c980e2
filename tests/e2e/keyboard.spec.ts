import { expect, type Locator, type Page, test } from '@playwright/test'
import { expectAccessible, expectStill } from './accessible.ts'

test('from the address bar to a finding without a mouse', async ({ page }) => {
  await page.goto('/repositories?outcome=fail')
  await expect(page.getByRole('rowheader').first()).toBeVisible()
  await page.keyboard.press('Tab')
  const skip = page.getByRole('link', { name: 'Skip to content' })
  await expect(skip).toBeFocused()
  await expect(skip).toBeInViewport()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('main')).toBeFocused()
  await tabTo(page, page.getByRole('searchbox', { name: 'Name' }))
  const first = page.getByRole('rowheader').getByRole('link').first()
  await tabTo(page, first)
  const name = (await first.textContent()) ?? ''
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
})

/** Goes on from where the focus is until it is there; a page with more stops than that before it is a trap. */
async function tabTo(page: Page, place: Locator): Promise<void> {
  for (let step = 0; step < 30; step++) {
    await page.keyboard.press('Tab')
    if (await place.evaluate(element => element === document.activeElement)) return
  }
  await expect(place).toBeFocused()
}

test('the focus is always to be seen', async ({ page }) => {
  await page.goto('/')
  await expectStill(page)
  for (let step = 0; step < 12; step++) {
    await page.keyboard.press('Tab')
    const seen = await page.evaluate(() => {
      const shown = document.activeElement?.closest('label') ?? document.activeElement
      return shown === null ? 'none' : getComputedStyle(shown).outlineStyle
    })
    expect(seen).not.toBe('none')
  }
})

test('the arrow keys change the colours', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByRole('radio', { name: 'As the system' })).toBeChecked()
  await page.getByRole('radio', { name: 'As the system' }).focus()
  await page.keyboard.press('ArrowRight')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
  await page.keyboard.press('ArrowRight')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
})

test('any page, check or repository is a few keys away', async ({ page }) => {
  await page.goto('/')
  const box = page.getByRole('combobox', { name: 'Page, check or repository' })
  // The key works once the page's script has run; a person would press it again.
  await expect(async () => {
    await page.keyboard.press('Control+k')
    await expect(box).toBeFocused({ timeout: 1_000 })
  }).toPass()
  await box.pressSequentially('pinned to a full')
  await expect(page.getByRole('option').first()).toHaveAttribute('aria-selected', 'true')
  await expectAccessible(page)
  await page.keyboard.press('Escape')
  await expect(box).toBeHidden()
  await page.keyboard.press('Control+k')
  // At once, so that one list comes and not one for each letter.
  await box.fill('web')
  await expect(page.getByRole('option').filter({ hasText: 'Repository' }).first()).toBeVisible()
  await page.keyboard.press('ArrowUp')
  const last = page.getByRole('option').last()
  await expect(last).toHaveAttribute('aria-selected', 'true')
  const name = ((await last.textContent()) ?? '').replace(/Repository$/, '')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(`/repositories/${name}`)
  await page.keyboard.press('Control+k')
  await box.pressSequentially('no-such-thing')
  await expect(page.getByText('Nothing is called like that.')).toBeVisible()
})
