// Times the Async forms in Chromium: the build without threads, and the one with threads on one thread and on several, in turn, in
// pages of one browser. Needs `npm run build`, `npm run build:wasm -w native/wasm -- --threads` and Chromium (DSP_CHROMIUM).
// node apps/bench/threads.mjs [rounds]
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { serve } from '@dsp/tensor/testing'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'

const ROUNDS = Number(process.argv[2] ?? 15)
const THREADS = cpus().length
const dist = join(import.meta.dirname, '../../native/wasm/dist')
const WORKS = {
  "Kaldi's fbank of 60 s": "dsp.fbankAsync(samples, { preset: 'parakeet' })",
  'YIN of 60 s': 'dsp.yinAsync({ samples, sampleRate: 16000 }, { fmin: 65, fmax: 2093 })',
  "Whisper's log mel of 60 s": 'dsp.whisperLogMelAsync(samples, { chunkLength: null })',
  "Kaldi's fbank of 16 × 60 s, a batch": "dsp.fbankBatchAsync(Array(16).fill(samples), { preset: 'parakeet' })",
}

const files = {}
for (const name of ['dsp.wasm', 'dsp-threads.wasm', 'threads-worker.js'])
  files[`/${name}`] = readFileSync(join(dist, name))
files['/default.js'] = await bundle({})
files['/threads.js'] = await bundle({ '@dsp/native-wasm32-wasi': '@dsp/native-wasm32-wasi/threads' })
const server = await serve(files, { isolated: true })
const executablePath = process.env.DSP_CHROMIUM ?? '/usr/bin/chromium'
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
try {
  const forms = {
    'without threads': await open('default.js', 1),
    '1 thread': await open('threads.js', 1),
    [`${THREADS} threads`]: await open('threads.js', THREADS),
  }
  const names = Object.keys(forms)
  console.log(`${cpus()[0].model}, ${cpus().length} processors, medians of ${ROUNDS} rounds, in ms`)
  console.log(`| | ${names.join(' | ')} |\n|---|${'---|'.repeat(names.length)}`)
  for (const [title, call] of Object.entries(WORKS)) {
    const times = Object.fromEntries(names.map((name) => [name, []]))
    for (let round = -1; round < ROUNDS; round++) {
      for (const name of names) {
        const ms = await forms[name].evaluate(timed(call))
        if (round >= 0) times[name].push(ms)
      }
    }
    console.log(`| ${title} | ${names.map((name) => median(times[name]).toFixed(1)).join(' | ')} |`)
  }
} finally {
  await browser.close()
  server.close()
}

async function bundle(alias) {
  const { outputFiles } = await build({
    stdin: {
      contents:
        "export * from '@dsp/mel-kaldi'; export { yinAsync } from '@dsp/yin'; export { whisperLogMelAsync } from '@dsp/mel'",
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    alias,
  })
  return outputFiles[0].contents
}

async function open(script, threads) {
  const page = await browser.newPage()
  await page.goto(server.url)
  await page.evaluate(`(async () => {
    globalThis.DSP_THREADS = ${threads}
    globalThis.dsp = await import('./${script}')
    globalThis.samples = Float32Array.from({ length: 960000 }, (_, i) => 0.3 * Math.sin(i * (0.06 + 1e-8 * i)) + 0.01 * Math.sin(i * i))
  })()`)
  return page
}

/** Runs in the page: at least 100 ms of calls. */
function timed(call) {
  return `(async () => {
    const start = performance.now()
    let calls = 0
    for (; performance.now() < start + 100; calls++) await ${call}
    return (performance.now() - start) / calls
  })()`
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2
}
