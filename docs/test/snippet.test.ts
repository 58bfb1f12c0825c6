import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { writeWav } from '@dsp/audio'
import { featureKind, resolveFeatureOptions } from '@dsp/features'
import { type Audio, tensor } from '@dsp/tensor'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { choices } from '../.vitepress/playground/choices.js'
import type { Values } from '../.vitepress/playground/messages.js'
import { oneShotSnippet, streamSnippet } from '../.vitepress/playground/snippet.js'

// Programs find the packages from within the workspace only.
let folder = ''
const audio: Audio = {
  samples: tensor(Float32Array.from({ length: 48000 }, (_, i) => 0.5 * Math.sin(i / 20))),
  sampleRate: 48000,
}
beforeAll(async () => {
  folder = await mkdtemp(fileURLToPath(new URL('./programs-', import.meta.url)))
  writeFileSync(`${folder}/it's.wav`, writeWav(audio))
})
afterAll(() => rm(folder, { recursive: true }))

/** Runs a program that ends in a value. */
async function run(name: string, code: string): Promise<unknown> {
  const path = `${folder}/${name}.mjs`
  writeFileSync(path, code)
  return (await import(/* @vite-ignore */ path)).result
}

describe.each(choices.map((choice) => [choice.kind, choice] as const))('%s', (kind, choice) => {
  const rate = choice.rates[0]!
  const set: Values = { whisper: { chunkLength: null }, 'chroma-stft': { tuning: 0 } }[kind as string] ?? {}
  const all = resolveFeatureOptions(kind, set as never, rate) as unknown as Values
  const file = () => `${folder}/it's.wav`

  test('both programs run, and give the same', async () => {
    const whole = oneShotSnippet(choice, rate, set, all, file())
    const output = kind === 'hpss-harmonic' ? 'harmonic.data' : 'features.data'
    const expected = (await run(kind, `${whole}export const result = ${output}`)) as Float32Array
    expect(expected.length).toBeGreaterThan(10)
    const { rateOption } = featureKind(kind)
    const stream = streamSnippet(choice, rate, set, all, rateOption, file())
    if (stream === null) return expect(choice.online).toBeNull()
    const collect = 'export const result = []\nconst use = (value) => result.push(value)\n'
    const values = (await run(`${kind}-stream`, `${collect}${stream}`)) as unknown[]
    const size = values.reduce<number>((sum, value) => {
      if (typeof value === 'number') return sum + 1
      if (ArrayBuffer.isView(value)) return sum + (value as Float32Array).length
      const { size, harmonic } = value as { size: number; harmonic?: { size: number } }
      return sum + (harmonic?.size ?? size)
    }, 0)
    expect(size).toBe(expected.length)
  })
})

test('many options are written one a line', () => {
  const choice = choices.find(({ kind }) => kind === 'fbank')!
  const given = {
    numMelBins: 80,
    windowType: 'hamming',
    snipEdges: false,
    energyFloor: 0,
    dither: 0.1,
    useEnergy: true,
  }
  const code = oneShotSnippet(choice, 16000, given, given, 'a.wav')
  expect(code).toContain("  windowType: 'hamming',\n")
})
