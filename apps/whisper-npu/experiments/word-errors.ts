/**
 * What each front end does to Whisper's words: writes one line of JSON for each recording, condition and front end, which score.py
 * turns into a table. Run in the app's folder. Lines that are there already are not computed again.
 *
 *     npx tsup experiments/word-errors.ts --format esm --out-dir experiments/dist && node experiments/dist/word-errors.js OUT.jsonl [LIMIT [COUNT]]
 *
 * LIMIT is the number of utterances of each corpus (default: all), COUNT the number of columns to compute before it ends. The
 * environment variable FRONT_ENDS names those to run, with commas between them.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { decodeAudio } from '@dsp/audio'
import { tensor } from '@dsp/tensor'
import { Whisper } from '@dsp/whisper-npu'

const RATE = 16000
const data = resolve('../../../shared/data')
const [out = 'word-errors.jsonl', limit = '1000', count = '1000'] = process.argv.slice(2)

/** The front ends, the most telling first. */
const FRONT_ENDS = {
  float: { frontEnd: 'float' },
  'whisper log2-int8': { frontEnd: 'q15', q15Profile: 'whisper', output: 'log2-int8' },
  'accurate log2-int8': { frontEnd: 'q15', q15Profile: 'accurate', output: 'log2-int8' },
  'classic log2-int8': { frontEnd: 'q15', q15Profile: 'classic', output: 'log2-int8' },
  linear: { frontEnd: 'linear' },
  'classic linear-int8': { frontEnd: 'q15', q15Profile: 'classic', output: 'linear' },
  'whisper linear-int8': { frontEnd: 'q15', q15Profile: 'whisper', output: 'linear' },
  'classic-fixed log2-int8': { frontEnd: 'q15', q15Profile: 'classic-fixed', output: 'log2-int8' },
  'whisper-512 log2-int8': { frontEnd: 'q15', q15Profile: 'whisper-512', output: 'log2-int8' },
  'accurate linear-int8': { frontEnd: 'q15', q15Profile: 'accurate', output: 'linear' },
  'classic-fixed linear-int8': { frontEnd: 'q15', q15Profile: 'classic-fixed', output: 'linear' },
} as const

/** Signal-to-noise ratios in dB. */
const CONDITIONS = {
  clean: {},
  'noise 10 dB': { noise: 10 },
  'noise 5 dB': { noise: 5 },
  'noise 20 dB': { noise: 20 },
  'music 10 dB': { music: 10 },
} as const

type FrontEndName = keyof typeof FRONT_ENDS
type Condition = keyof typeof CONDITIONS

interface Utterance {
  readonly corpus: string
  readonly name: string
  readonly path: string
}

const rows = (path: string) =>
  readFileSync(join(data, path), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split('\t')[0]!)

const librispeech = rows('librispeech/test-other.tsv').map((name) => ({
  corpus: 'librispeech',
  name,
  path: `librispeech/test-other/${name.split('-')[0]}/${name}.flac`,
}))
const an4 = rows('an4/test.tsv')
  .slice(1)
  .map((name) => ({ corpus: 'an4', name, path: `an4/test/${name.split('-')[1]}/${name}.flac` }))
const utterances: Utterance[] = [librispeech, an4].flatMap((corpus) => corpus.slice(0, Number(limit)))

/** A generator of numbers in [0, 1) (mulberry32). */
function uniform(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const rms = (x: Float32Array) => Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / x.length)

async function read(path: string): Promise<Float32Array> {
  return (await decodeAudio(join(data, path), { mono: true, sampleRate: RATE })).samples.data
}

let music: Float32Array | undefined

/** Speech with what is behind it, as 16-bit samples: the same for every front end. */
async function sound(utterance: Utterance, index: number, condition: Condition): Promise<Float32Array> {
  const speech = await read(utterance.path)
  const { noise, music: under } = CONDITIONS[condition] as { noise?: number; music?: number }
  const random = uniform(index + 1)
  const behind = new Float32Array(speech.length)
  if (noise !== undefined) {
    for (let i = 0; i < behind.length; i++) {
      behind[i] = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
    }
  } else if (under !== undefined) {
    music ??= await read('music/brahms-hungarian-dance.ogg')
    const start = Math.floor(random() * (music.length - speech.length))
    behind.set(music.subarray(start, start + speech.length))
  }
  const gain =
    noise === undefined && under === undefined ? 0 : (rms(speech) / rms(behind)) * 10 ** (-(noise ?? under!) / 20)
  return speech.map((value, i) => {
    const sample = Math.round((value + gain * behind[i]!) * 32768)
    return Math.max(-32768, Math.min(32767, sample)) / 32768
  })
}

const keyOf = (front: string, condition: string, corpus: string, name: string) =>
  [front, condition, corpus, name].join('|')
const done = new Set(
  (existsSync(out) ? readFileSync(out, 'utf8').split('\n') : [])
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line))
    .map((line) => keyOf(line.frontEnd, line.condition, line.corpus, line.utterance)),
)

let columns = 0

async function column(front: FrontEndName, condition: Condition, corpus: string): Promise<void> {
  const todo = [...utterances.entries()].filter(
    ([, one]) => one.corpus === corpus && !done.has(keyOf(front, condition, corpus, one.name)),
  )
  if (todo.length === 0 || columns >= Number(count)) return
  columns++
  const whisper = await Whisper.load('tiny.en', { ...FRONT_ENDS[front], numThreads: 1 } as object)
  for (const [index, utterance] of todo) {
    const samples = await sound(utterance, index, condition)
    const options = { timestamps: false, words: false }
    const { text } = await whisper.transcribe({ samples: tensor(samples), sampleRate: RATE }, options)
    const line = { frontEnd: front, condition, corpus, utterance: utterance.name, text }
    appendFileSync(out, `${JSON.stringify(line)}\n`)
  }
  await whisper.close()
  console.log(`${new Date().toISOString()} ${corpus} ${condition}: ${front}`)
}

// what is most telling comes first, so that a run that is stopped has whole columns
const fronts = Object.keys(FRONT_ENDS) as FrontEndName[]
const conditions = Object.keys(CONDITIONS) as Condition[]
const stages: [string, readonly Condition[], readonly FrontEndName[]][] = [
  ['librispeech', conditions.slice(0, 2), fronts.slice(0, 5)],
  ['an4', conditions.slice(0, 1), fronts.slice(0, 5)],
  ['librispeech', conditions.slice(0, 2), fronts.slice(5)],
  ['librispeech', conditions, fronts],
  ['an4', conditions, fronts],
]
const wanted = process.env.FRONT_ENDS?.split(',')
for (const [corpus, kinds, names] of stages) {
  for (const condition of kinds) {
    for (const front of names) {
      if (wanted === undefined || wanted.includes(front)) await column(front, condition, corpus)
    }
  }
}
