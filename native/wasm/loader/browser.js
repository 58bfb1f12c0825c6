import { instantiate } from './instantiate.js'

const url = new URL('./dsp.wasm', import.meta.url)

async function compile() {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`the WebAssembly core cannot be loaded: ${url} gives ${response.status}`)
  // Compiling while it loads asks for this type; servers without it are many.
  const streamed = response.headers.get('content-type')?.startsWith('application/wasm')
  return streamed ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer())
}

export default await instantiate(await compile())
