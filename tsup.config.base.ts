import { defineConfig, type Options } from 'tsup'

/** What every package's build shares: ESM and CJS with their own declarations. */
export const base = (options: Options = {}) =>
  defineConfig({
    entry: ['src/index.ts'],
    format: ['esm', 'cjs'],
    dts: true,
    sourcemap: true,
    clean: true,
    target: 'node20',
    treeshake: true,
    ...options,
  })
