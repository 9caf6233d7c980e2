import { expect, test } from '@playwright/test'

test('from the address bar to a finding without a mouse', async ({ page }) => {
  await page.goto('/repositories?outcome=fail')
  await page.keyboard.press('Tab')
  const skip = page.getByRole('link', { name: 'Skip to content' })
  await expect(skip).toBeFocused()
  await expect(skip).toBeInViewport()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('main')).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(page.getByLabel('Name')).toBeFocused()
  const first = page.getByRole('rowheader').getByRole('link').first()
  for (let step = 0; step < 20 && !(await first.evaluate(link => link === document.activeElement)); step++) {
    await page.keyboard.press('Tab')
  }
  await expect(first).toBeFocused()
  const name = (await first.textContent()) ?? ''
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
})

test('the focus is always to be seen', async ({ page }) => {
  await page.goto('/')
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
  await page.getByRole('radio', { name: 'As the system' }).focus()
  await page.keyboard.press('ArrowRight')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
  await page.keyboard.press('ArrowRight')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
})
