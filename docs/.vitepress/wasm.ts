import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Whether the native core was built for WebAssembly. */
export function hasWasm(): boolean {
  // For the test of what a site without it says.
  if (process.env.DSP_DOCS_WASM === 'off') return false
  try {
    const manifest = createRequire(import.meta.url).resolve('@dsp/native-wasm32-wasi/package.json')
    return existsSync(join(dirname(manifest), 'dist/dsp.wasm'))
  } catch {
    return false
  }
}

/** The parts of the playground that depend on what was built: without the core, the page says so. */
export function playgroundAliases(isBuilt = hasWasm()): Record<string, string> {
  if (!isBuilt) {
    const line = '!'.repeat(78)
    console.warn(
      `${line}\n!!! The WebAssembly core is not built: the playground will say that it cannot compute.\n` +
        `!!! Build it with "npm run build:wasm -w native/wasm", then build the docs again.\n${line}`,
    )
  }
  return {
    '#playground/start': file(`playground/${isBuilt ? 'start' : 'start-missing'}.ts`),
    // Without it, a strict Content-Security-Policy would report that ndarray compiles code.
    ndarray: '@dsp/tensor/ndarray',
  }
}
