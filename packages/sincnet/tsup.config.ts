import { base } from '../../tsup.config.base.ts'

// The shipped model is found beside the build, in CommonJS too.
export default base({ shims: true })
