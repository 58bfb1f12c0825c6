/**
 * What each front end does to Whisper's words: writes one line of JSON for each recording, condition and front end, which score.py
 * turns into a table. Run in the app's folder. Lines that are there already are not computed again.
 *
 *     npx tsup experiments/word-errors.ts --format esm --out-dir experiments/dist && node experiments/dist/word-errors.js OUT.jsonl [LIMIT [COUNT]]
 *
 * LIMIT is the number of utterances of each corpus (default: all), COUNT the number of columns to compute before it ends. The
 * environment variable FRONT_ENDS names those to run, separated by commas. SHARD=0/2 and SHARD=1/2, side by side, share the
 * utterances between two processes, which may write to one file.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { tensor } from '@dsp/tensor'
import { Whisper } from '@dsp/whisper-npu'
import { an4, librispeech, mixed, RATE, read, type Utterance } from './sounds.js'

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
  'whisper log2-int16': { frontEnd: 'q15', q15Profile: 'whisper', output: 'log2-int16' },
  'accurate log2-int16': { frontEnd: 'q15', q15Profile: 'accurate', output: 'log2-int16' },
  'accurate linear-int8': { frontEnd: 'q15', q15Profile: 'accurate', output: 'linear' },
  'classic-fixed linear-int8': { frontEnd: 'q15', q15Profile: 'classic-fixed', output: 'linear' },
  'whisper-512 linear-int8': { frontEnd: 'q15', q15Profile: 'whisper-512', output: 'linear' },
  'whisper-512 log2-int16': { frontEnd: 'q15', q15Profile: 'whisper-512', output: 'log2-int16' },
  'classic log2-int16': { frontEnd: 'q15', q15Profile: 'classic', output: 'log2-int16' },
  'classic-fixed log2-int16': { frontEnd: 'q15', q15Profile: 'classic-fixed', output: 'log2-int16' },
} as const

/** Signal-to-noise ratios in dB. */
const CONDITIONS = {
  clean: {},
  'noise 10 dB': { noise: 10 },
  'music 10 dB': { music: 10 },
  'noise 20 dB': { noise: 20 },
  'noise 5 dB': { noise: 5 },
} as const

type FrontEndName = keyof typeof FRONT_ENDS
type Condition = keyof typeof CONDITIONS

const utterances: Utterance[] = [librispeech, an4].flatMap((corpus) => corpus.slice(0, Number(limit)))

const keyOf = (front: string, condition: string, corpus: string, name: string) =>
  [front, condition, corpus, name].join('|')
const done = new Set(
  (existsSync(out) ? readFileSync(out, 'utf8').split('\n') : [])
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line))
    .map((line) => keyOf(line.frontEnd, line.condition, line.corpus, line.utterance)),
)

const [shard, shards] = (process.env.SHARD ?? '0/1').split('/').map(Number) as [number, number]
let columns = 0

async function column(front: FrontEndName, condition: Condition, corpus: string): Promise<void> {
  const todo = [...utterances.entries()].filter(
    ([at, one]) =>
      at % shards === shard && one.corpus === corpus && !done.has(keyOf(front, condition, corpus, one.name)),
  )
  if (todo.length === 0 || columns >= Number(count)) return
  columns++
  const whisper = await Whisper.load('tiny.en', { ...FRONT_ENDS[front], numThreads: 1 } as object)
  for (const [index, utterance] of todo) {
    const samples = await mixed(await read(utterance.path), index + 1, CONDITIONS[condition])
    const options = { timestamps: false, words: false, skipNoSpeech: false }
    const { text } = await whisper.transcribe({ samples: tensor(samples), sampleRate: RATE }, options)
    const line = { frontEnd: front, condition, corpus, utterance: utterance.name, text }
    appendFileSync(out, `${JSON.stringify(line)}\n`)
    done.add(keyOf(front, condition, corpus, utterance.name))
  }
  await whisper.close()
  console.log(`${new Date().toISOString()} ${corpus} ${condition}: ${front}`)
}

// what is most telling comes first, so that a run that is stopped has whole columns
const fronts = Object.keys(FRONT_ENDS) as FrontEndName[]
const conditions = Object.keys(CONDITIONS) as Condition[]
const stages: [string, readonly Condition[], readonly FrontEndName[]][] = [
  ['librispeech', conditions.slice(0, 2), fronts],
  ['librispeech', conditions, fronts],
  ['an4', conditions.slice(0, 2), fronts],
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
