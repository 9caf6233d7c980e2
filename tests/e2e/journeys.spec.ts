/**
 * The two people that the pages are made for, from the first address to their answer, by clicks alone and without a manual.
 * A click with looking for it takes a person about five seconds: twelve of them are a minute.
 */
import { expect, type Locator, type Page, test } from '@playwright/test'
import { ITEMS } from '#lib/check.ts'
import { expectListening } from './listening.ts'

const A_MINUTE = 12

/** Counts what the person has to do. */
function counting() {
  let clicks = 0
  return {
    click: async (target: Locator) => {
      await target.click()
      clicks += 1
    },
    clicks: () => clicks,
  }
}

const panel = (page: Page, name: string) =>
  page.locator('section', { has: page.getByRole('heading', { name, exact: true }) })

test('a security engineer on Monday: where we stand, what got worse and why, who must act, what to report', async ({
  page,
}) => {
  const { click, clicks } = counting()
  await page.goto('/')
  // Where do we stand: at once, in a number, its direction and the six items.
  await expect(page.getByRole('heading', { name: 'Minimum-viable score' })).toBeVisible()
  for (const { title } of ITEMS) await expect(panel(page, 'The six items').getByText(title)).toBeVisible()
  // What got worse, and why: the findings that moved it, of the repository that fell most.
  const moved = panel(page, 'What moved the score')
  const worst = moved.getByRole('listitem').filter({ hasText: '−' }).first()
  await expect(worst.getByText(/\d+ new: /).first()).toBeVisible()
  const name = (await worst.getByRole('link').first().innerText()).trim()
  await click(worst.getByRole('link').first())
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
  await click(page.getByRole('link', { name: 'What changed', exact: true }))
  await expect(page.getByText(/\d+ new/).first()).toBeVisible()
  // Who must act: its owner, and all that they have.
  await click(page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Owners' }))
  await click(page.getByRole('link', { name: 'Open findings' }))
  await expect(page).toHaveURL('/owners?sort=findings')
  await expect(page.getByRole('columnheader', { name: 'Open findings' })).toHaveAttribute('aria-sort', 'descending')
  const first = page.getByRole('rowheader').first().getByRole('link')
  const owner = await first.innerText()
  await click(first)
  await expect(page).toHaveURL(`/repositories?owner=${encodeURIComponent(owner)}`)
  await expect(page.getByRole('rowheader').first()).toBeVisible()
  // What to report: one sheet of paper.
  await click(page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Overview', exact: true }))
  await click(page.getByRole('link', { name: 'Report', exact: true }))
  await expect(page.getByRole('heading', { level: 1, name: /^Supply-chain posture of/ })).toBeVisible()
  await expect(page.getByRole('button', { name: /Print/ })).toBeVisible()
  expect(clicks()).toBeLessThanOrEqual(A_MINUTE)
})

test('a repository’s owner by a link: what is wrong, exactly where, what to change, am I done', async ({
  page,
  context,
}) => {
  const { click, clicks } = counting()
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto('/repositories?check=workflow-permissions-least&outcome=fail')
  const link = (await page.getByRole('rowheader').getByRole('link').first().getAttribute('href')) ?? ''
  // From here on it is the owner, who got the link in a message.
  await page.goto(`${link}#workflow-permissions-least`)
  const check = page.getByRole('region', { name: 'Workflows give their token no more than read by default' })
  // What is wrong, and exactly where: the line of their own code, with the wrong word marked and a way to it.
  await expect(check.getByText(/\d+ of \d+ fails?$/)).toBeInViewport()
  const finding = check.getByRole('article').first()
  await expect(finding.getByRole('figure').first().locator('mark')).not.toBeEmpty()
  await expect(finding.getByRole('link', { name: /^\.github\/workflows\/.*:\d+$/ })).toHaveAttribute(
    'href',
    /\/blob\/[0-9a-f]{40}\/\.github\/workflows\/.*#L\d+$/,
  )
  // What to change: said in words, as a patch, and as a list for an issue.
  await expect(check).toContainText('What to do.')
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    click(check.getByRole('link', { name: /^Download what fixes .* as .patch$/ })),
  ])
  expect(file.suggestedFilename()).toMatch(/\.patch$/)
  await click(page.getByRole('link', { name: 'To do', exact: true }))
  await expectListening(page.getByRole('button', { name: 'As Markdown' }))
  await click(page.getByRole('button', { name: 'As Markdown' }))
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('- [ ] **')
  // Am I done: what is open still, with the points that it brings, and when it was last looked at.
  await click(page.getByRole('link', { name: 'Scorecard', exact: true }))
  await expect(panel(page, 'Next, most gain first').getByText(/^\+\d/).first()).toBeVisible()
  await expect(page.getByText(/judged .* at [0-9a-f]{7}/)).toBeVisible()
  expect(clicks()).toBeLessThanOrEqual(A_MINUTE)
})
