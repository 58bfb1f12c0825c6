import { base } from '../../tsup.config.base.ts'

// the worker is a separate file, from which a thread starts
export default base({ entry: ['src/index.ts', 'src/worker.ts'], shims: true })
