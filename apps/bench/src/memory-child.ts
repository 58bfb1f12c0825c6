/**
 * Calls one function many times in a process of its own, with the collector at hand (`node --expose-gc`), and prints how
 * the process's memory changed. The loop never yields to the event loop, as a user's need not.
 */
import { setImmediate } from 'node:timers/promises'
import { resample } from '@dsp/audio'
import { chromaCqt } from '@dsp/chroma'
import { rfft } from '@dsp/fft'
import { hpss } from '@dsp/hpss'
import { melspectrogram } from '@dsp/mel'
import { fbank } from '@dsp/mel-kaldi'
import { pyin, yin } from '@dsp/yin'

const second = Float32Array.from({ length: 16000 }, (_, i) => 0.3 * Math.sin(i * 0.13) + 0.1 * Math.sin(i * i * 1e-4))
const frame = second.subarray(0, 512)
const tenth = second.subarray(0, 1600)
const half = second.subarray(0, 8000)
const pitch = { fmin: 50, fmax: 2000, sr: 16000 }

const FUNCTIONS: Record<string, () => unknown> = {
  rfft: () => rfft(frame),
  fbank: () => fbank(second, { preset: 'parakeet' }),
  resample: () => resample(tenth, { origFreq: 16000, newFreq: 8000 }),
  hpss: () => hpss(half),
  yin: () => yin(half, pitch),
  pyin: () => pyin(half, pitch),
  chroma: () => chromaCqt(half, { sr: 16000, nOctaves: 6 }),
  mel: () => melspectrogram(half, { sr: 16000 }),
}

/** Resident bytes after everything unreachable is gone. */
async function settled(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.()
    await setImmediate() // finalizers of native memory run between turns
  }
  return process.memoryUsage().rss
}

const [name = '', calls = '100000'] = process.argv.slice(2)
const call = FUNCTIONS[name]
if (call === undefined) throw new Error(`no function ${name}`)
const warm = Math.ceil(Number(calls) / 20)
for (let i = 0; i < warm; i++) call()
const before = await settled()
let peak = 0
for (let i = 0; i < Number(calls); i++) {
  call()
  if (i % 500 === 0) peak = Math.max(peak, process.memoryUsage.rss())
}
const after = await settled()
console.log(JSON.stringify({ before, after, peak }))
