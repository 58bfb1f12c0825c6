import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DspError } from '@dsp/tensor'
import { PAGE_SCRIPT, repositoryRoot, serve } from '@dsp/tensor/testing'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { SpeakerEncoder } from '../src/index.js'

const root = repositoryRoot()
const folder = join(import.meta.dirname, '..')
const model = join(folder, 'model')
const names = readdirSync(model)
const files = () => Object.fromEntries(names.map((name) => [name, new Uint8Array(readFileSync(join(model, name)))]))
const hum = Float32Array.from({ length: 24000 }, (_, n) => 0.1 * Math.sin(n / 20) + 0.05 * Math.sin(n / 7))
/** The least cosine between the embeddings of both builds. */
const COSINE = 0.9999

async function vectorOf(model: Parameters<typeof SpeakerEncoder.load>[0]): Promise<Float32Array> {
  const encoder = await SpeakerEncoder.load(model)
  const { vector } = await encoder.embed({ samples: hum, sampleRate: 16000 })
  await encoder.close()
  return vector.data
}

describe('a model given as bytes', () => {
  it('gives the embeddings of its folder', async () => {
    expect(await vectorOf(files())).toEqual(await vectorOf(undefined))
  })

  it('names what is missing or damaged', async () => {
    const { 'head.onnx': _, ...rest } = files()
    await expect(SpeakerEncoder.load(rest)).rejects.toThrow('the model has no readable head.onnx')
    const damaged = files()
    damaged['head.onnx']![100]! ^= 1
    await expect(SpeakerEncoder.load(damaged)).rejects.toThrow(/head\.onnx is not the file that/)
    for (const wrong of [{}, { a: 'text' }, 7])
      await expect(SpeakerEncoder.load(wrong as never)).rejects.toThrow(DspError)
  })
})

const CHROMIUM = process.env.DSP_CHROMIUM ?? '/usr/bin/chromium'
const wasm = join(root, 'native/wasm/dist/dsp.wasm')
const missing = [wasm, CHROMIUM].filter((path) => !existsSync(path))
if (missing.length > 0) console.warn(`SKIPPED: embeddings in a page, for want of ${missing.join(' and ')}`)

it.skipIf(missing.length > 0)('embeds voices in a page as in Node.js', { timeout: 120_000 }, async () => {
  const entryPoints = [join(folder, 'dist/index.js')]
  const { outputFiles } = await build({ ...PAGE_SCRIPT, entryPoints, logLevel: 'error' })
  const runtime = 'ort-wasm-simd-threaded.wasm'
  const server = await serve({
    '/sincnet.js': outputFiles[0]!.contents,
    '/dsp.wasm': readFileSync(wasm),
    [`/${runtime}`]: readFileSync(join(root, 'node_modules', 'onnxruntime-web', 'dist', runtime)),
    ...Object.fromEntries(Object.entries(files()).map(([name, bytes]) => [`/model/${name}`, bytes])),
  })
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage()
    await page.goto(server.url)
    const vector = await page.evaluate<number[]>(inPage)
    const expected = await vectorOf(undefined)
    expect(vector.length).toBe(expected.length)
    expect(vector.reduce((sum, x, i) => sum + x * expected[i]!, 0)).toBeGreaterThan(COSINE)
  } finally {
    await browser.close()
    server.close()
  }
})

/** Runs in the page, as text: the test runner rewrites imports of functions. */
const inPage = `(async () => {
  const bytes = async (url) => new Uint8Array(await (await fetch(url)).arrayBuffer())
  const named = ${JSON.stringify(names)}.map(async (name) => [name, await bytes('/model/' + name)])
  const { SpeakerEncoder } = await import('./sincnet.js')
  const encoder = await SpeakerEncoder.load(Object.fromEntries(await Promise.all(named)), { intraOpNumThreads: 1 })
  const samples = Float32Array.from(${JSON.stringify(Array.from(hum))})
  const { vector } = await encoder.embed({ samples, sampleRate: 16000 })
  return Array.from(vector.data)
})()`
