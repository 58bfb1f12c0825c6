import { defineConfig, mergeConfig } from 'vitest/config'
import base from '../vitest.config.base.ts'

// VitePress builds in a folder of its own, so that two builds at once would take each other's files; on a busy machine it takes a while.
export default mergeConfig(base, defineConfig({ test: { fileParallelism: false, testTimeout: 120_000 } }))
