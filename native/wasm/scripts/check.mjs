// Before publishing: an empty package would be published where it was not built.
import { existsSync } from 'node:fs'

if (!existsSync(new URL('../dist/dsp.wasm', import.meta.url))) {
  console.error('dist is not built: npm run build:wasm -w native/wasm')
  process.exit(1)
}
