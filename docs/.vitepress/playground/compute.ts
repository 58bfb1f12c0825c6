/// <reference lib="webworker" />
import { OnlineMono } from '@dsp/audio'
import { extract, type FeatureKind, type FeatureOptions, featureKind } from '@dsp/features'
import { DspError, parseOption, type Tensor, tensor } from '@dsp/tensor'
import { choices } from './choices.js'
import {
  type KindInfo,
  MAX_SECONDS,
  type Part,
  type Reply,
  type Request,
  type Settings,
  type Specs,
  type Values,
} from './messages.js'
import { decodedSound, fileSound, microphoneSound, type Sound } from './sound.js'
import { Clock, concat, type Step } from './stream.js'
import { openStream } from './streams.js'

/** Between two looks at the messages that have arrived, in milliseconds. */
const SLICE = 40
/** Values of one track that fit in the memory of a tab. */
const MAX_VALUES = 5e7
const TOO_MANY = `This picture would have more than ${MAX_VALUES / 1e6} million values: take a longer hop, fewer bands or a shorter sound.`
/** At most so many seconds of sound are timed, so many times, for so long. */
const TIMED_SECONDS = 30
const TIMED_RUNS = 30
const TIMED_MS = 1500

const scope = self as unknown as {
  postMessage(message: Reply, transfer?: Transferable[]): void
  onmessage: ((event: MessageEvent<Request>) => void) | null
}

let sound: Sound | undefined
let microphone: { end(): void } | undefined
let parts: Record<'harmonic' | 'percussive', Float32Array[]> = { harmonic: [], percussive: [] }
let partRate = 0
/** The computation at hand; another one, or null, ends it. */
let current: number | null = null
/** A file that is being opened: what comes after waits for it. */
let opening: Promise<void> = Promise.resolve()

const post = (reply: Reply, transfer: Transferable[] = []) => scope.postMessage(reply, transfer)
const cut = () =>
  post({
    type: 'note',
    message: `Only the first ${MAX_SECONDS / 60} minutes are used: that is the limit of this page.`,
  })
const pause = () => new Promise<void>((resolve) => setTimeout(resolve))

function fail(id: number | null, error: unknown): void {
  if (error instanceof WebAssembly.RuntimeError) {
    // Its memory cannot be trusted any more.
    post({ type: 'failed', message: `it has stopped (${error.message}); reload the page` })
    return
  }
  const argument = error instanceof DspError ? (error.argument ?? null) : null
  post({ type: 'error', id, message: error instanceof Error ? error.message : String(error), argument })
}

/** Options from their texts. */
function parsed({ kind, set }: Settings): Values {
  const specs = featureKind(kind).options as unknown as Specs
  return Object.fromEntries(
    Object.entries(set).map(([name, text]) => {
      const spec = specs[name]
      if (spec === undefined) throw DspError.argument(name, `one of ${Object.keys(specs).join(', ')}`, text)
      return [name, parseOption(name, spec, text)]
    }),
  )
}

async function compute(id: number, settings: Settings): Promise<void> {
  const { kind, rate } = settings
  current = id
  await opening
  const source = sound
  if (current !== id) {
    post({ type: 'done', id, seconds: 0, ms: 0, cancelled: true })
    return
  }
  // What kept it from being opened has been told.
  if (source === undefined) return
  const clock = new Clock()
  const kept: typeof parts = { harmonic: [], percussive: [] }
  parts = kept
  partRate = rate
  const given = parsed(settings)
  const { all, timing, tracks, stream, whole } = openStream(kind, given, rate, clock, (harmonic, percussive) => {
    kept.harmonic.push(harmonic)
    kept.percussive.push(percussive)
  })
  post({ type: 'plan', id, given, all, tracks, timing, total: source.total, whole })
  const counts = tracks.map(() => 0)
  const show = ({ columns, from }: Step) => {
    columns.forEach((values, track) => {
      if (values.length === 0) return
      const { rows } = tracks[track]!
      const at = from ?? counts[track]!
      counts[track] = at + values.length / rows
      if (counts[track]! * rows > MAX_VALUES) throw new Error(TOO_MANY)
      post({ type: 'columns', id, track, from: at, values }, [values.buffer])
    })
  }
  const mono = new OnlineMono(rate)
  let seconds = 0
  const accept = (samples: Tensor<Float32Array>) => {
    if (samples.size === 0) return
    seconds += samples.size / rate
    show(stream.accept(samples.data))
  }
  let rested = performance.now()
  let ended = false
  try {
    for (let i = 0; current === id && !ended; i++) {
      const block = await source.block(i)
      if (current !== id) break
      if (block !== null) accept(mono.accept(block))
      else {
        accept(mono.flush())
        show(stream.flush())
        ended = true
      }
      if (performance.now() - rested > SLICE || source.total === null) {
        post({ type: 'progress', id, seconds, total: source.total, ms: clock.ms })
        await pause()
        rested = performance.now()
      }
    }
  } finally {
    if (!ended) {
      mono.reset()
      stream.close()
    }
  }
  post({ type: 'done', id, seconds, ms: clock.ms, cancelled: !ended })
}

/** The sound so far at a rate, or its first seconds. */
function soundAt(rate: number, seconds: number): Float32Array {
  const mono = new OnlineMono(rate)
  const pieces: Float32Array[] = []
  let length = 0
  for (const block of sound?.blocks ?? []) {
    if (length >= seconds * rate) break
    const { data } = mono.accept(block)
    pieces.push(data)
    length += data.length
  }
  pieces.push(mono.flush().data)
  return concat(pieces).subarray(0, Math.floor(seconds * rate))
}

async function time(id: number, settings: Settings): Promise<void> {
  const { kind, rate } = settings
  await opening
  const samples = soundAt(rate, TIMED_SECONDS)
  if (samples.length === 0) throw new Error('there is no sound to time this with yet')
  const given = parsed(settings) as FeatureOptions<FeatureKind>
  const audio = { samples: tensor(samples), sampleRate: rate }
  const took: number[] = []
  const start = performance.now()
  while (took.length < 3 || (took.length < TIMED_RUNS && performance.now() - start < TIMED_MS)) {
    const before = performance.now()
    extract(kind, audio, given)
    took.push(performance.now() - before)
    await pause()
  }
  took.sort((a, b) => a - b)
  const ms = took[took.length >> 1]!
  post({ type: 'timed', id, ms, seconds: samples.length / rate, runs: took.length })
}

function samplesOf(part: Part): { samples: Float32Array; sampleRate: number } {
  if (part !== 'sound') return { samples: concat(parts[part]), sampleRate: partRate }
  const sampleRate = sound?.blocks[0]?.sampleRate ?? 16000
  return { samples: soundAt(sampleRate, MAX_SECONDS).slice(), sampleRate }
}

/** Begins with another sound. */
function begin(next: Sound | undefined): void {
  current = null
  microphone?.end()
  microphone = undefined
  sound = next
  parts = { harmonic: [], percussive: [] }
}

function open(name: string, bytes: ArrayBuffer): void {
  begin(undefined)
  opening = fileSound(new Uint8Array(bytes), cut)
    .then(async (opened) => {
      // The first block shows whether it can be decoded at all.
      await opened.block(0)
      sound = opened
    })
    .catch((error: unknown) => {
      const isFormat = error instanceof DspError && error.code === 'ERR_DSP_FORMAT'
      if (isFormat) post({ type: 'undecodable', message: error.message })
      else post({ type: 'error', id: null, message: `${name}: ${(error as Error).message}`, argument: null })
    })
}

function receive(request: Request): void {
  switch (request.type) {
    case 'open':
      open(request.name, request.bytes)
      return
    case 'decoded':
      begin(decodedSound(request.channels, request.sampleRate, cut))
      return
    case 'listen': {
      const live = microphoneSound(request.port, request.sampleRate, cut)
      begin(live)
      microphone = live
      return
    }
    case 'stop':
      microphone?.end()
      microphone = undefined
      return
    case 'cancel':
      current = null
      return
    case 'samples': {
      const { samples, sampleRate } = samplesOf(request.part)
      post({ type: 'samples', part: request.part, samples, sampleRate }, [samples.buffer])
      return
    }
    case 'compute':
      compute(request.id, request.settings).catch((error) => fail(request.id, error))
      return
    case 'time':
      time(request.id, request.settings).catch((error) => fail(request.id, error))
  }
}

scope.onmessage = ({ data }) => {
  try {
    receive(data)
  } catch (error) {
    fail(null, error)
  }
}

// The packages' warnings, of a file that was cut short or of filters without a bin, are for who looks at the page.
const { warn } = console
console.warn = (...words: unknown[]) => {
  warn(...words)
  const [, message] = /^DspWarning \[\w+\]: (.*)/s.exec(String(words[0])) ?? []
  if (message !== undefined) post({ type: 'note', message })
}

const kinds = choices.map(({ kind }): KindInfo => {
  const { description, options, rateOption } = featureKind(kind)
  return { kind, description, options: options as unknown as Specs, rateOption }
})
post({ type: 'ready', kinds })
