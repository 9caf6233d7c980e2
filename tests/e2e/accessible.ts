import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** Nothing that axe knows of is wrong with the page as it stands, the whole of WCAG 2.2 AA and best practices. */
export async function expectAccessible(page: Page): Promise<void> {
  // What stands in for a page while it is read has no title.
  await expect(page.locator('h1').first()).toBeAttached()
  await expectAtRest(page)
  const { violations } = await new AxeBuilder({ page }).analyze()
  const told = violations.flatMap(({ id, help, nodes }) => nodes.map(node => `${id}: ${help}: ${node.html}`))
  expect(told).toEqual([])
}

/** Nothing sticks out sideways: the page itself never scrolls that way. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  await expect
    .poll(() => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth))
    .toBe(0)
}

/** All of the page is there, and it is at rest. */
export async function expectStill(page: Page): Promise<void> {
  await expect(page.getByText('Loading', { exact: true })).toHaveCount(0)
  await expectAtRest(page)
}

/** Nothing is on its way to somewhere: there, a colour has not the contrast of its end. */
async function expectAtRest(page: Page): Promise<void> {
  await expect
    .poll(() =>
      page.evaluate(
        () =>
          document
            .getAnimations()
            .filter(
              ({ playState, effect }) =>
                playState === 'running' && Number.isFinite(Number(effect?.getComputedTiming().endTime)),
            ).length,
      ),
    )
    .toBe(0)
}
