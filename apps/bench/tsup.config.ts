import { base } from '../../tsup.config.base.ts'

// A program, not a library: no declarations, no CommonJS. The peers are found where npm put them.
export default base({
  entry: ['src/main.ts', 'src/memory-child.ts', 'src/peak-child.ts', 'src/own-worker.ts'],
  format: ['esm'],
  dts: false,
  external: ['fft.js', 'meyda', /^@echogarden\//],
})
