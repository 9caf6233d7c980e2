import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { closeDatabase, type Database, openDatabase } from '#lib/store/database.ts'
import { saveOrg } from '#lib/store/orgs.ts'
import { startRun } from '#lib/store/runs.ts'
import { migrate } from '#prisma/migrate.ts'
import { startDatabase } from '../../scripts/database.ts'
import { listed, saveListing } from '../store/made.ts'
import { expectAccessible } from './accessible.ts'
import { PORT } from './browser.ts'
import { serveWeb } from './pages.ts'

let url = ''
let stop = async () => {}

test.beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-orgs-'))
  const database = await startDatabase({ dir: folder })
  await migrate(database.url)
  const db = openDatabase(database.url)
  await fill(db, 'acme', [1])
  await fill(db, 'beta', [2, 3])
  await closeDatabase(db)
  const pages = await serveWeb(database.url, PORT + 70)
  url = pages.url
  stop = async () => {
    await pages.stop()
    await database.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})
test.afterAll(() => stop())

test('the reader changes the organisation, and every tab, link and file keeps to its own', async ({
  page,
  context,
}) => {
  await page.goto(url)
  await page.getByText('Organisation: acme').click()
  await expectAccessible(page)
  await page.getByRole('link', { name: 'beta', exact: true }).click()
  await expect(page.getByText('Organisation: beta')).toBeVisible()
  await page.getByRole('link', { name: /^Repositories/ }).click()
  await expect(page.getByRole('rowheader')).toHaveCount(2)
  await expect(page).toHaveURL(/\/repositories\?org=beta$/)

  const other = await context.newPage()
  await other.goto(`${url}/repositories?org=acme`)
  await expect(other.getByRole('rowheader')).toHaveText([/acme-1/])
  await page.getByRole('rowheader').first().getByRole('link').click()
  await expect(page).toHaveURL(/\/repositories\/beta-2\?org=beta$/)
  await page.goBack()
  await expect(page.getByRole('rowheader')).toHaveCount(2)
  const file = await page.evaluate(async () => (await fetch('/api/exports/repositories?format=json')).text())
  expect(file).toContain('beta-3')
  expect(file).not.toContain('acme-1')

  const later = await context.newPage()
  await later.goto(`${url}/repositories`)
  await expect(later.getByRole('rowheader')).toHaveText([/acme-1/])
})

test('a link to a repository leads whoever follows it into its organisation', async ({ page }) => {
  await page.goto(`${url}/repositories/beta-3?org=beta`)
  await expect(page.getByRole('heading', { name: 'beta-3' })).toBeVisible()
  await page.goto(`${url}/repositories/beta-3?org=acme`)
  await expect(page.getByRole('heading', { name: 'beta-3' })).toHaveCount(0)
})

async function fill(db: Database, login: string, numbers: readonly number[]): Promise<void> {
  const org = await saveOrg(db, { login, apiUrl: 'https://api.example', webUrl: 'https://example', demo: false })
  const repositories = numbers.map(number => listed(number, `${login}-${number}`))
  await saveListing(db, { orgId: org.id, repositories, complete: true, now: new Date() })
  await startRun(db, { orgId: org.id, kind: 'first', now: new Date() })
}
