import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeAudioSync } from '@dsp/audio'
import { PAGE_SCRIPT, repositoryRoot, serve } from '@dsp/tensor/testing'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compute, type Results, synthetic } from './webassembly/compute.js'
import { expectEqual } from './webassembly/equal.js'

const root = repositoryRoot()
const wasm = join(root, 'native/wasm/dist')
const isBuilt = existsSync(join(wasm, 'browser.js'))
if (!isBuilt) console.warn('SKIPPED: the WebAssembly build is not there: npm run build:wasm -w native/wasm')
const CHROMIUM = process.env.DSP_CHROMIUM ?? '/usr/bin/chromium'
const hasChromium = existsSync(CHROMIUM)
if (!hasChromium)
  console.warn(`SKIPPED: there is no Chromium at ${CHROMIUM}: apt install chromium, or set DSP_CHROMIUM`)

const folder = mkdtempSync(join(tmpdir(), 'dsp-webassembly-'))
afterAll(() => rmSync(folder, { recursive: true }))
const entry = join(import.meta.dirname, 'webassembly/compute.ts')
const demo = join(root, 'apps/asr/demo/help.wav')
const speech = decodeAudioSync(demo)
const sounds = { synthetic: synthetic(), speech: (speech.samples.data as Float32Array).slice(0, 24000) }

describe.skipIf(!isBuilt)('in Node.js, the WebAssembly build equals the native one', () => {
  const binding = join(wasm, 'index.cjs')
  const outfile = join(folder, 'node.cjs')
  let other: typeof import('./webassembly/compute.js')
  beforeAll(async () => {
    const alias = { '@dsp/native': binding }
    await build({
      entryPoints: [entry],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      alias,
      external: [binding],
    })
    other = createRequire(import.meta.url)(outfile) as typeof import('./webassembly/compute.js')
  })

  it.each(Object.entries(sounds))('%s', async (_, samples) => {
    expectEqual(await other.compute(samples, 16000), await compute(samples, 16000))
  })

  it('reads paths, and names those that it cannot read', () => {
    expect(other.decodeAudioSync(demo).samples.data).toEqual(speech.samples.data)
    const missing = expect.objectContaining({
      code: 'ERR_DSP_IO',
      argument: 'input',
      message: expect.stringMatching(/^no\.wav/),
    })
    expect(() => other.decodeAudioSync('no.wav')).toThrow(missing)
    const folder = expect.objectContaining({ code: 'ERR_DSP_IO', message: expect.stringMatching(/is a folder/) })
    expect(() => other.decodeAudioSync(root)).toThrow(folder)
  })

  it('refuses what its memory cannot hold, and goes on', async () => {
    const large = new Uint8Array(2 ** 30 + 1)
    const refused = expect.objectContaining({ code: 'ERR_DSP_TOO_LONG', argument: 'input' })
    expect(() => other.decodeAudioSync(large)).toThrow(refused)
    await expect(other.decodeAudio(large)).rejects.toThrow(refused)
    expect(other.decodeAudioSync(demo).samples.data).toEqual(speech.samples.data)
  })

  it('is an error from then on when it runs out of memory', () => {
    const script = `const { resample } = require(${JSON.stringify(outfile)})
      for (const length of [2 ** 24, 10]) {
        try { resample(new Float32Array(length), { origFreq: 1000, newFreq: 48000 }) }
        catch (error) { console.log(error.code, error.message.slice(0, 28)) }
      }`
    const { stdout } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' })
    const stopped = 'ERR_DSP_INTERNAL the WebAssembly core stopped\n'
    expect(stdout).toBe(stopped + stopped)
  })
})

const PORTABLE = [
  'audio',
  'chroma',
  'features',
  'fft',
  'hpss',
  'mel',
  'mel-kaldi',
  'mel-q15',
  'signal',
  'tensor',
  'yin',
]

it.each(PORTABLE)('@dsp/%s asks a browser for nothing of Node.js', async (name) => {
  const entryPoints = [join(root, 'packages', name, 'src/index.ts')]
  const { metafile } = await build({
    ...PAGE_SCRIPT,
    entryPoints,
    metafile: true,
    external: ['@dsp/native-wasm32-wasi'],
    logLevel: 'silent',
  })
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map(({ path }) => path))
  expect(imports.filter((path) => path !== '@dsp/native-wasm32-wasi')).toEqual([])
})

describe.skipIf(!isBuilt || !hasChromium)('in a page without COOP, COEP and eval', () => {
  it('the packages compute what they compute natively', { timeout: 120_000 }, async () => {
    const { outputFiles } = await build({ ...PAGE_SCRIPT, entryPoints: [entry] })
    const files = { '/page.js': outputFiles[0]!.contents, '/dsp.wasm': readFileSync(join(wasm, 'dsp.wasm')) }
    const server = await serve(files, { policy: "script-src 'self' 'wasm-unsafe-eval'" })
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
    try {
      const page = await browser.newPage()
      await page.goto(server.url)
      for (const samples of Object.values(sounds)) {
        const results = await page.evaluate<Record<string, number[]>>(inPage(samples))
        const arrays = Object.entries(results).map(([name, values]) => [name, Float64Array.from(values)])
        expectEqual(Object.fromEntries(arrays) as Results, await compute(samples, 16000))
      }
      expect(await page.evaluate('crossOriginIsolated')).toBe(false)
      const refused = `import('./page.js').then((page) => page.decodeAudio('a.wav')).catch(({ code, message }) => [code, message])`
      expect(await page.evaluate(refused)).toEqual(['ERR_DSP_IO', expect.stringMatching(/a browser has no paths/)])
    } finally {
      await browser.close()
      server.close()
    }
  })
})

/** Runs in the page, as text: the test runner rewrites imports of functions. */
const inPage = (samples: Float32Array) => `(async () => {
  const { compute } = await import('./page.js')
  const results = await compute(Float32Array.from(${JSON.stringify(Array.from(samples))}), 16000)
  return Object.fromEntries(Object.entries(results).map(([name, values]) => [name, Array.from(values)]))
})()`
