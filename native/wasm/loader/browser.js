import { compile } from './compile.js'
import { instantiate } from './instantiate.js'

export default await instantiate(await compile(new URL('./dsp.wasm', import.meta.url)))
