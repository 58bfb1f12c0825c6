import { base } from '../../tsup.config.base.ts'

// A program, not a library: no declarations, no CommonJS. The peers are found where npm put them.
export default base({
  entry: {
    main: 'src/main.ts',
    'memory-child': 'src/memory/child.ts',
    'peak-child': 'src/peak-child.ts',
    'own-worker': 'src/own-worker.ts',
    doctor: 'src/doctor/main.ts',
    'front-ends': 'src/doctor/projects.ts',
  },
  format: ['esm'],
  dts: false,
  external: ['esbuild', 'fft.js', 'meyda', 'playwright-core', /^@echogarden\//],
})
