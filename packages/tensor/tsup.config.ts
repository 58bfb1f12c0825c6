import { base } from '../../tsup.config.base.ts'

export default base({
  entry: { index: 'src/index.ts', ndarray: 'src/plain-ndarray.ts', 'testing/index': 'src/testing/index.ts' },
  // One copy of DspError for all entry points, in CommonJS as well.
  splitting: true,
  // Entry points would import chunks for nothing but their side effects, about which esbuild warns: they have none.
  treeshake: { moduleSideEffects: 'no-external' },
  external: ['typescript'],
})
