import { defineConfig, mergeConfig } from 'vitest/config'
import base from '../vitest.config.base.ts'

// VitePress builds in a folder of its own, so that two builds at once would take each other's files; on a busy machine it takes a while.
// The page is driven in real time, with a microphone that runs on: what a busy machine may upset is tried again, and vitest says so.
export default mergeConfig(
  base,
  defineConfig({ test: { fileParallelism: false, testTimeout: 240_000, hookTimeout: 120_000, retry: 1 } }),
)
