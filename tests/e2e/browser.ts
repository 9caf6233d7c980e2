import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export const PORT = 43_117
export const BASE_URL = `http://127.0.0.1:${PORT}`

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The browser that `CHROMIUM` names or that the machine has; null: Playwright's own. */
export function browserPath(): string | null {
  if (process.env.CHROMIUM) return process.env.CHROMIUM
  const folders = (process.env.PATH ?? '').split(delimiter)
  return NAMES.flatMap(name => folders.map(folder => join(folder, name))).find(path => existsSync(path)) ?? null
}
