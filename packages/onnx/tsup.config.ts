import { base } from '../../tsup.config.base.ts'

// the session's worker is a file of its own, which a thread starts from
export default base({ entry: ['src/index.ts', 'src/session-worker.ts'], shims: true })
