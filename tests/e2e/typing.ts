import type { Locator } from '@playwright/test'

/** As fast as somebody types who is good at it. */
const BETWEEN_MS = 100

/** Types into the box as a person does. Gives for each letter the milliseconds from its key to the frame that shows it. */
export async function typedLetters(box: Locator, letters: string): Promise<number[]> {
  await box.focus()
  const shown = await box.evaluateHandle(input => {
    const taken: number[] = []
    input.addEventListener('keydown', ({ timeStamp }) => {
      const { port1, port2 } = new MessageChannel()
      // What is posted while a frame is made comes when it has been painted.
      port1.onmessage = () => taken.push(performance.now() - timeStamp)
      requestAnimationFrame(() => port2.postMessage(null))
    })
    return taken
  })
  await box.pressSequentially(letters, { delay: BETWEEN_MS })
  return (
    await shown.evaluateHandle((taken, count) => {
      return new Promise<number[]>(resolve => {
        const look = () => (taken.length >= count ? resolve(taken) : requestAnimationFrame(look))
        look()
      })
    }, letters.length)
  ).jsonValue()
}
