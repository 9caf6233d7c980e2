import { expect, type Locator } from '@playwright/test'

/**
 * Waits until the page's script has taken this element over. What is clicked or typed before is lost where it needs the
 * script, as is seldom seen but on a slow machine.
 */
export async function expectListening(place: Locator): Promise<void> {
  // React keeps what it knows of an element at the element itself.
  await expect
    .poll(() => place.evaluate(element => Object.keys(element).some(key => key.startsWith('__reactProps$'))))
    .toBe(true)
}
