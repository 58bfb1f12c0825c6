import { base } from '../../tsup.config.base.ts'

// A command has no importers: ES modules alone, no declarations. Commands load what they need when they run. The worker is the
// program of the threads, found next to the command.
export default base({
  entry: { main: 'src/main.ts', worker: 'src/analyze/worker.ts' },
  format: ['esm'],
  dts: false,
  splitting: true,
})
