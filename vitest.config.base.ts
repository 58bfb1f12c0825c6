import { defineConfig } from 'vitest/config'

/** What every package's tests share. The JSON report is what `.ci/run` adds its totals up from. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    reporters: ['default', ['json', { outputFile: 'reports/vitest.json' }]],
  },
})
