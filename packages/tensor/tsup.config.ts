import { base } from '../../tsup.config.base.ts'

export default base({
  entry: { index: 'src/index.ts', 'testing/index': 'src/testing/index.ts' },
  // One copy of DspError for both entry points, in CommonJS as well.
  splitting: true,
  external: ['typescript'],
})
