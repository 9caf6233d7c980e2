import { expect, type Page } from '@playwright/test'
import type { SignedInStack } from './signed-in-stack.ts'

/** From the door on, by GitHub, as one of those of the stack. */
export async function continueAs(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: /Continue with GitHub/ }).click()
  await page.getByRole('link', { name: new RegExp(`Continue as ${name}`) }).click()
}

/** Comes in by the overview, as somebody who may. */
export async function signIn(page: Page, { url }: SignedInStack, name: string): Promise<void> {
  await page.goto(url)
  await continueAs(page, name)
  await expect(page.getByText(name)).toBeVisible()
}

/** Makes Ada, who is signed in, the owner of this Plumbline by the link that it printed. */
export async function becomeOwner(page: Page, stack: SignedInStack): Promise<void> {
  await page.goto(stack.url + (await stack.claimPath()))
  await page.getByRole('button', { name: 'Become the owner' }).click()
  await expect(page).toHaveURL(`${stack.url}/members`)
  await expect(page.getByLabel('Role of Ada Lovelace')).toHaveValue('owner')
}
