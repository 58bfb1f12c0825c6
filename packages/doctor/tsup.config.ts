import { base } from '../../tsup.config.base.ts'

export default base()
