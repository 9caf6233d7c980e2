import { defineConfig } from 'vitest/config'

/** Everything under tests/ but the browser's part, which Playwright runs. */
export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: ['tests/e2e/**'],
    globalSetup: ['tests/databases.setup.ts'],
    // Real processes, databases and git take longer than a function call on a loaded machine.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Each worker may hold a database and a pretend GitHub: more of them than cores only makes them wait for each other.
    maxWorkers: 2,
  },
})
