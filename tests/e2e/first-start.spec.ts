import { expect, test } from '@playwright/test'
import { expectAccessible } from './accessible.ts'

test('the overview shows the first crawl and fills by itself', async ({ page, request }) => {
  const loads: string[] = []
  page.on('load', () => loads.push(page.url()))
  await page.goto('/')
  await expect(page.getByRole('heading', { level: 1 })).toBeAttached()
  await expect(page.getByRole('heading', { name: 'The six items' })).toBeVisible({ timeout: 240_000 })
  await expect(async () => {
    const { run } = await (await request.get('/api/progress')).json()
    expect(run.state).toBe('done')
    expect(run.kind).not.toBe('replay')
  }).toPass({ timeout: 400_000 })
  await expect(page.getByRole('region', { name: 'Crawl in progress' })).toBeHidden()
  await expect(page.getByRole('heading', { name: 'Minimum-viable score' })).toBeVisible()
  expect(loads).toHaveLength(1)
  await expectAccessible(page)
})
