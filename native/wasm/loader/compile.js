/** Compiles the module at a URL, while it loads where that can be. */
export async function compile(url) {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`the WebAssembly core cannot be loaded: ${url} gives ${response.status}`)
  // Compiling while it loads asks for this type; servers without it are many.
  const streamed = response.headers.get('content-type')?.startsWith('application/wasm')
  return streamed ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer())
}
