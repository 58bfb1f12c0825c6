import { base } from '../../tsup.config.base.ts'

// the session's worker is a separate file, from which a thread starts
export default base({ entry: ['src/index.ts', 'src/session-worker.ts'], shims: true })
