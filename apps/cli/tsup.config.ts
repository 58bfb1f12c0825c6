import { base } from '../../tsup.config.base.ts'

// A command has no importers: ES modules alone, no declarations. Commands load what they need when they run.
export default base({ entry: { main: 'src/main.ts' }, format: ['esm'], dts: false, splitting: true })
