import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, expect, type Locator, type Page, test } from '@playwright/test'
import pg from 'pg'
import { type EmbeddedDatabase, startDatabase } from '../../scripts/database.ts'
import { expectAccessible, expectNoSidewaysScroll } from './accessible.ts'
import { PORT } from './browser.ts'
import { expectListening } from './listening.ts'
import { type SignedInStack, startSignedIn } from './signed-in-stack.ts'
import { becomeOwner, signIn } from './signing-in.ts'

test.describe('the demo', () => {
  test('shows what was asked, granted and ended in its year, and why nothing is changed in it', async ({ page }) => {
    await page.goto('/waivers?list=all')
    for (const word of ['asked for', 'waived', 'ended', 'refused', 'revoked'])
      await expect(page.getByText(word, { exact: false }).first()).toBeVisible()
    await expect(page.getByText('The demo is the same for everybody')).toBeVisible()
    await expect(page.getByRole('button', { name: /Grant/ })).toHaveCount(0)
    await page.goto('/waivers?list=in-force')
    const covering = page.getByRole('listitem').filter({ hasText: /[1-9]\d* findings? now/ })
    await covering.first().getByRole('link').first().click()
    await expect(page.getByText(/\d+ findings? waived/)).toBeVisible()
    const waive = page.getByRole('button', { name: /^Waive paths or all of it/ })
    await expectListening(waive)
    await waive.click()
    await expect(page.getByRole('button', { name: /Ask for the waiver/ })).toBeDisabled()
    await expectAccessible(page)
  })
})

test.describe('a waiver', () => {
  test.describe.configure({ mode: 'serial' })

  let database: EmbeddedDatabase
  let stack: SignedInStack
  let ada: Page
  let grace: Page
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-waivers-'))

  test.beforeAll(async ({ browser }) => {
    test.setTimeout(240_000)
    database = await startDatabase({ dir: join(folder, 'database') })
    stack = await startSignedIn(PORT + 20, { databaseUrl: database.url })
    ada = await signedIn(browser, 'Ada Lovelace')
    await becomeOwner(ada, stack)
    grace = await signedIn(browser, 'Grace Hopper')
  })
  test.afterAll(async () => {
    await stack.stop()
    await database.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  async function signedIn(browser: Browser, name: string): Promise<Page> {
    const page = await (await browser.newContext()).newPage()
    await signIn(page, stack, name)
    return page
  }

  const card = (page: Page) => page.goto(`${stack.url}/repositories/web`)
  const pinned = (page: Page): Locator => page.getByRole('region', { name: 'Actions are pinned to a full commit SHA' })

  async function fillIn(finding: Locator): Promise<void> {
    await finding.getByRole('button', { name: /^Waive …/ }).click()
    await finding.getByLabel('Reason').selectOption('fix-planned', { timeout: 5_000 })
    await finding.getByLabel('Why, in a sentence').fill('It is pinned with the next release.')
  }

  test('is asked for by a maintainer where the finding is', async () => {
    const finding = pinned(grace).getByRole('article').first()
    // Soon after the start: once the repository is judged, and GitHub was asked what she may write to.
    await expect(async () => {
      await card(grace)
      await expect(pinned(grace)).toContainText('1 of 1 fails', { timeout: 5_000 })
      await fillIn(finding)
    }).toPass()
    await expectAccessible(grace)
    await finding.getByRole('button', { name: 'Ask for the waiver' }).click()
    await expect(finding.getByText(/asked for until/)).toBeVisible()
    await expect(finding.getByText('asked by Grace Hopper')).toBeVisible()
    await expect(pinned(grace)).toContainText('1 of 1 fails')
  })

  test('that cannot be saved is taken back, with what was typed', async ({ browser }) => {
    const late = await signedIn(browser, 'Grace Hopper')
    const early = await signedIn(browser, 'Grace Hopper')
    for (const page of [late, early]) {
      await card(page)
      const waive = page.getByRole('button', { name: /^Waive the check/ }).first()
      await expectListening(waive)
      await waive.click()
      const form = page.getByRole('form').first()
      await form.getByLabel('Reason').selectOption('mitigated')
      await form.getByLabel('Why, in a sentence').fill('Another control covers all of it.')
    }
    await early.getByRole('button', { name: 'Ask for the waiver' }).click()
    await expect(early.getByText(/asked for until/).first()).toBeVisible()
    await late.getByRole('button', { name: 'Ask for the waiver' }).click()
    await expect(late.getByRole('alert').filter({ hasText: 'It was not saved.' })).toBeVisible()
    await expect(late.getByLabel('Why, in a sentence')).toHaveValue('Another control covers all of it.')
    await early.goto(`${stack.url}/waivers`)
    const row = early.getByRole('listitem').filter({ hasText: 'Another control covers all of it.' })
    await expectListening(row.getByRole('button', { name: /^Withdraw/ }))
    await row.getByRole('button', { name: /^Withdraw/ }).click()
    await row.getByRole('button', { name: 'Withdraw it' }).click()
    await expect(early.getByText('Another control covers all of it.')).toHaveCount(0)
    await late.close()
    await early.close()
  })

  test('is granted by who decides, and then shown as waived, never as passed', async () => {
    await ada.goto(`${stack.url}/waivers?list=asked`)
    await expectAccessible(ada)
    const row = ada.getByRole('listitem').filter({ hasText: 'It is pinned with the next release.' })
    await expectListening(row.getByRole('button', { name: /^Grant/ }))
    await row.getByRole('button', { name: /^Grant/ }).click()
    await row.getByRole('button', { name: 'Grant it' }).click()
    await expect(row).toHaveCount(0)
    await card(ada)
    await expect(pinned(ada)).toContainText('1 of 1 waived')
    await expect(pinned(ada)).toContainText('granted by Ada Lovelace')
    await expectAccessible(ada)
    await ada.setViewportSize({ width: 320, height: 800 })
    await expectNoSidewaysScroll(ada)
    await ada.goto(`${stack.url}/waivers?list=all`)
    await expectNoSidewaysScroll(ada)
    await ada.setViewportSize({ width: 1360, height: 1000 })
    await ada.goto(`${stack.url}/repositories?item=pin-actions&outcome=waived`)
    await expect(ada.getByRole('rowheader')).toHaveCount(1)
    await ada.goto(`${stack.url}/repositories?item=pin-actions&outcome=pass`)
    await expect(ada.getByText('No repository is like that')).toBeVisible()
    await ada.goto(stack.url)
    await expect(ada.getByRole('link', { name: '1 repositories are waived: Pin Actions by SHA' })).toBeVisible()
    await ada.goto(`${stack.url}/audit?action=waiver.granted`)
    await expect(ada.getByRole('cell', { name: /waiver:\d+/ })).toBeVisible()
  })

  test('counts again by itself when its time is over', async () => {
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    await client.query(`update "Waiver" set until = now() - interval '1 second' where state = 'granted'`)
    await client.end()
    await expect(async () => {
      await card(ada)
      await expect(pinned(ada)).toContainText('1 of 1 fails', { timeout: 5_000 })
    }).toPass()
    await expect(ada.getByRole('listitem').filter({ hasText: 'ended' }).first()).toBeVisible()
    await ada.goto(`${stack.url}/repositories/web/changes`)
    await expect(ada.getByText('1 waived no more')).toBeVisible()
  })

  test('is granted for many repositories at once, and says in which it was not', async () => {
    await expect(async () => {
      await ada.goto(`${stack.url}/repositories?check=actions-pinned`)
      await ada.getByRole('checkbox', { name: 'Pick web' }).check()
      await expect(ada.getByText('1 picked')).toBeVisible({ timeout: 5_000 })
    }).toPass()
    await ada.getByRole('button', { name: 'Pick the whole page' }).click()
    const all = await ada.getByRole('checkbox', { name: /^Pick / }).count()
    await ada.getByRole('button', { name: 'Waive …' }).click()
    const form = ada.getByRole('form', { name: 'Waive in the picked repositories' })
    await expect(form.locator('select[name=checkId]')).toHaveValue('actions-pinned')
    await form.getByLabel('Reason').selectOption('retiring')
    await form.getByLabel('Why, in a sentence').fill('All of this ends with the year.')
    await expectAccessible(ada)
    await form.getByRole('button', { name: 'Waive in all of them' }).click()
    await expect(form.getByRole('status')).toContainText(`Waived in ${all} of ${all} until`)
    await form.getByRole('button', { name: 'Waive in all of them' }).click()
    await expect(form.getByRole('status')).toContainText(`Waived in 0 of ${all}.`)
    await expect(form.getByText('The check does not fail there.')).toHaveCount(all)
    await ada.goto(`${stack.url}/waivers?list=in-force`)
    const rows = ada.locator('section[aria-label=Waivers] > ol > li')
    await expect(rows.filter({ hasText: 'All of this ends with the year.' })).toHaveCount(all)
  })
})
