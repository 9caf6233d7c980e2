import { expect, test } from '@playwright/test'
import { expectAccessible, expectNoSidewaysScroll, expectStill } from './accessible.ts'
import { expectListening } from './listening.ts'

const PLACES = [
  '/',
  '/repositories',
  '/repositories?q=none-like-this',
  '/checks',
  '/checks/actions-pinned',
  '/crawls',
  '/access',
  '/trends',
  '/exports',
  '/waivers?list=all',
  '/owners',
  '/policy',
  '/inventory',
  '/report',
  '/inventory?kind=actions&of=actions%2Fcheckout',
]

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme })

    for (const place of PLACES) {
      test(`${place} has nothing that axe finds`, async ({ page }) => {
        await page.goto(place)
        await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme)
        await expect(page.getByRole('heading', { level: 1 })).toBeAttached()
        await expectAccessible(page)
      })
    }

    test('a scorecard has nothing that axe finds', async ({ page }) => {
      test.slow()
      await page.goto('/repositories?outcome=fail')
      await page.getByRole('rowheader').getByRole('link').first().click()
      await expect(page.getByRole('heading', { name: 'Next, most gain first' })).toBeVisible()
      await expectAccessible(page)
      for (const name of ['To do', 'What changed', 'Inventory']) {
        const tab = page.getByRole('navigation', { name: /^Pages of/ }).getByRole('link', { name, exact: true })
        await tab.click()
        await expect(tab).toHaveAttribute('aria-current', 'page')
        await expectAccessible(page)
      }
    })
  })
}

test.describe('320 pixels wide', () => {
  test.use({ viewport: { width: 320, height: 800 } })

  test('no page scrolls sideways', async ({ page }) => {
    test.slow()
    await page.goto('/repositories?outcome=fail')
    const card = (await page.getByRole('rowheader').getByRole('link').first().getAttribute('href')) ?? ''
    for (const place of [...PLACES, card, `${card}/remediation`, `${card}/changes`, `${card}/inventory`]) {
      await page.goto(place)
      await expect(page.getByRole('heading', { level: 1 })).toBeAttached()
      await expectStill(page)
      await expectNoSidewaysScroll(page)
    }
  })
})

test('the choice of colours stays', async ({ page }) => {
  await page.goto('/')
  await expectListening(page.getByRole('radio', { name: 'Dark' }))
  await page.getByRole('radio', { name: 'Dark' }).check({ force: true })
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.goto('/checks')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked()
})

test.describe('with reduced motion', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } })

  test('nothing moves for longer than a blink', async ({ page }) => {
    await page.goto('/')
    await expect(page.getByRole('heading', { level: 1 })).toBeAttached()
    const longest = await page.evaluate(() =>
      Math.max(
        0,
        ...document.getAnimations().map(animation => Number(animation.effect?.getComputedTiming().endTime ?? 0)),
      ),
    )
    expect(longest).toBeLessThan(1)
  })
})
