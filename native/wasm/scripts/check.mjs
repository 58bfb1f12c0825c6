// Before publishing: an empty package would be published where it was not built, or one without the core of one of its two forms.
import { existsSync } from 'node:fs'

const missing = ['dsp.wasm', 'dsp-threads.wasm'].filter(
  (name) => !existsSync(new URL(`../dist/${name}`, import.meta.url)),
)
if (missing.length > 0) {
  console.error(`dist lacks ${missing.join(' and ')}: npm run build:wasm -w native/wasm -- --threads`)
  // Which takes a minute more, and nothing that is rehearsed uses it.
  const isRehearsed = process.env.DSP_REHEARSAL === '1' && !missing.includes('dsp.wasm')
  if (!isRehearsed) process.exit(1)
  console.error('!!! SKIPPED: the form with threads is published without its core, in a rehearsal')
}
