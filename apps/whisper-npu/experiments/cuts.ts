/**
 * Where to cut long recordings: at the quietest moment, as the app does, or by silero-vad. Utterances are joined with pauses, and each way
 * of cutting is judged by its word errors (score_cuts.py). Run in the app's folder. Lines that OUT.jsonl already has are not computed
 * again.
 *
 *     npx tsup experiments/cuts.ts --format esm --out-dir experiments/dist && node experiments/dist/cuts.js SILERO.onnx OUT.jsonl
 *
 * SILERO.onnx is silero_vad/data/silero_vad.onnx of PyPI's silero-vad 6.2.3.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { OnnxSession } from '@dsp/onnx'
import { tensor } from '@dsp/tensor'
import { Whisper } from '@dsp/whisper-npu'
import { WindowCutter } from '../src/windows.js'
import { an4, librispeech, mixed, RATE, read, type Utterance, uniform } from './sounds.js'

const [silero, out = 'cuts.jsonl'] = process.argv.slice(2)
const LONGEST = 30 * RATE
/** Samples that silero-vad judges at a time, and those before them that it sees. */
const STEP = 512
const CONTEXT = 64

type Stretch = readonly [from: number, to: number]

/** The probability of speech in each 32 ms. */
async function speech(samples: Float32Array): Promise<Float32Array> {
  const session = await OnnxSession.open(silero!, { intraOpNumThreads: 1 })
  const steps = Math.ceil(samples.length / STEP)
  const padded = new Float32Array(CONTEXT + steps * STEP)
  padded.set(samples, CONTEXT)
  let state = tensor(new Float32Array(256), [2, 1, 128])
  const likely = new Float32Array(steps)
  for (let i = 0; i < steps; i++) {
    const input = tensor(padded.slice(i * STEP, (i + 1) * STEP + CONTEXT), [1, STEP + CONTEXT])
    const answer = await session.run({ input, state, sr: tensor(BigInt64Array.of(BigInt(RATE)), []) })
    likely[i] = (answer.output!.data as Float32Array)[0]!
    state = answer.stateN as typeof state
  }
  await session.close()
  return likely
}

/** The sample between two steps around which speech is least likely over 0.22 s. */
function leastLikely(likely: Float32Array, from: number, to: number): number {
  let [best, least] = [to, Number.POSITIVE_INFINITY]
  for (let i = Math.floor(to / STEP) - 4; i >= Math.ceil(from / STEP) + 4; i--) {
    const sum = likely.subarray(i - 3, i + 4).reduce((a, b) => a + b, 0)
    if (sum < least) [best, least] = [Math.round((i + 0.5) * STEP), sum]
  }
  return best
}

/** silero-vad's own stretches of speech: above 0.5 until below 0.35 for 0.1 s, at least 0.25 s long, with 0.03 s around them. */
function stretches(likely: Float32Array, length: number): Stretch[] {
  const found: [number, number][] = []
  let [begun, quiet] = [-1, -1]
  for (let i = 0; i <= likely.length; i++) {
    const p = likely[i] ?? 0
    if (p >= 0.5) {
      quiet = -1
      if (begun < 0) begun = i
    } else if (begun >= 0 && (p < 0.35 || i === likely.length)) {
      if (quiet < 0) quiet = i
      if ((i - quiet) * STEP < 0.1 * RATE && i < likely.length) continue
      if ((quiet - begun) * STEP >= 0.25 * RATE) found.push([begun * STEP, quiet * STEP])
      begun = quiet = -1
    }
  }
  const pad = 0.03 * RATE
  return found.map(([a, b]) => [Math.max(0, a - pad), Math.min(length, b + pad)])
}

const CUTS = {
  /** Every 30 s, come what may. */
  fixed: (samples) => {
    const starts = Array.from({ length: Math.ceil(samples.length / LONGEST) }, (_, i) => i * LONGEST)
    return starts.map((start) => [start, Math.min(samples.length, start + LONGEST)])
  },
  /** As the app does. */
  quietest: (samples) => {
    const cutter = new WindowCutter()
    const windows = [...cutter.accept(samples), ...cutter.flush()]
    return windows.map(({ start, samples: part }) => [start, start + part.length])
  },
  /** Where speech is least likely in the last third of each window. */
  'silero cut': (samples, likely) => {
    const windows: Stretch[] = []
    let from = 0
    while (samples.length - from > LONGEST) {
      const to = leastLikely(likely, from + (2 * LONGEST) / 3, from + LONGEST)
      windows.push([from, to])
      from = to
    }
    return [...windows, [from, samples.length]]
  },
  /** Stretches of speech, as many as fit into 30 s; what lies between windows is not heard. */
  'silero merge': (samples, likely) => {
    const windows: [number, number][] = []
    for (const [from, to] of stretches(likely, samples.length)) {
      const last = windows.at(-1)
      if (last !== undefined && to - last[0] <= LONGEST) last[1] = to
      else windows.push([from, to])
    }
    return windows.flatMap(([from, to]) => {
      const parts: Stretch[] = []
      for (let at = from; at < to; ) {
        const end = to - at > LONGEST ? leastLikely(likely, at + (2 * LONGEST) / 3, at + LONGEST) : to
        parts.push([at, end])
        at = end
      }
      return parts
    })
  },
} satisfies Record<string, (samples: Float32Array, likely: Float32Array) => Stretch[]>

/** Utterances with pauses between them, in which there is as little as a quiet room. */
async function joined(corpus: readonly Utterance[], pauses: Stretch, seed: number, noise?: number) {
  const random = uniform(seed)
  const parts: Float32Array[] = []
  for (const utterance of corpus) {
    parts.push(await read(utterance.path))
    const seconds = pauses[0] + (pauses[1] - pauses[0]) * random()
    parts.push(Float32Array.from({ length: Math.round(seconds * RATE) }, () => (random() - 0.5) / 1000))
  }
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return mixed(whole, seed, noise === undefined ? {} : { noise })
}

const RECORDINGS = {
  'librispeech, pauses of 0.1-0.6 s': { corpus: librispeech, pauses: [0.1, 0.6], seed: 1 },
  'librispeech, pauses of 0.1-0.6 s, noise 10 dB': { corpus: librispeech, pauses: [0.1, 0.6], seed: 1, noise: 10 },
  'an4, pauses of 0.3-3 s': { corpus: an4, pauses: [0.3, 3], seed: 2 },
  'librispeech, pauses of 0.5-5 s': { corpus: librispeech, pauses: [0.5, 5], seed: 3 },
} as const

/** The recording that is heard by Whisper's own features, too. */
const FIRST = Object.keys(RECORDINGS)[0]
const seen = existsSync(out) ? readFileSync(out, 'utf8').trim().split('\n') : []
const done = new Set(
  seen
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
    .map((line) => [line.recording, line.cut, line.frontEnd].join('|')),
)
for (const [recording, { corpus, pauses, seed, ...rest }] of Object.entries(RECORDINGS)) {
  const samples = await joined(corpus, pauses, seed, 'noise' in rest ? rest.noise : undefined)
  const likely = await speech(samples)
  for (const [cut, windowsOf] of Object.entries(CUTS)) {
    const windows: Stretch[] = windowsOf(samples, likely)
    for (const frontEnd of recording === FIRST ? (['q15', 'float'] as const) : (['q15'] as const)) {
      if (done.has([recording, cut, frontEnd].join('|'))) continue
      const whisper = await Whisper.load('tiny.en', { frontEnd, numThreads: 1 })
      const texts: string[] = []
      for (const [from, to] of windows) {
        const audio = { samples: tensor(samples.slice(from, to)), sampleRate: RATE }
        texts.push((await whisper.transcribe(audio, { words: false })).text)
      }
      await whisper.close()
      const heard = windows.reduce((sum, [from, to]) => sum + to - from, 0) / RATE
      const line = { recording, cut, frontEnd, seconds: samples.length / RATE, heard, windows: windows.length }
      appendFileSync(out, `${JSON.stringify({ ...line, text: texts.join(' ') })}\n`)
      console.log(`${new Date().toISOString()} ${recording}: ${cut}, ${frontEnd}`)
    }
  }
}
