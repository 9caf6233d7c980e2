import { defineConfig } from '@playwright/test'
import { BASE_URL, browserPath } from './tests/e2e/browser.ts'

const executablePath = browserPath()

/** The browser's part of the tests, against everything that `npm start` starts, on a new data directory. */
export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '*.spec.ts',
  // Emptied at each start: the folder above it holds what the whole run keeps.
  outputDir: 'test-results/browser',
  // One stack, two cores: tests in parallel would only wait for each other.
  // A loaded machine may let a key fall before the page listens; a second look tells that from a fault.
  retries: 1,
  workers: 1,
  // Four times what the longest takes on a quiet machine: those of CI are slower, and it alone tells a page that hangs.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  reporter: 'list',
  use: {
    baseURL: BASE_URL,
    viewport: { width: 1360, height: 1000 },
    trace: 'retain-on-failure',
    launchOptions: {
      ...(executablePath === null ? {} : { executablePath }),
      // Chromium's sandbox refuses to run as root.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    },
  },
  projects: [
    { name: 'first start', testMatch: 'first-start.spec.ts', timeout: 600_000 },
    { name: 'pages', testIgnore: 'first-start.spec.ts', dependencies: ['first start'] },
  ],
  webServer: {
    command: `"${process.execPath}" tests/e2e/stack.ts`,
    url: `${BASE_URL}/api/progress`,
    timeout: 180_000,
    reuseExistingServer: false,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 20_000 },
    stdout: 'pipe',
  },
})
