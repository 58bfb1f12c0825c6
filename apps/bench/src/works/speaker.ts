import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { decodeAudioSync } from '@dsp/audio'
import { SpeakerEncoder, sinc, sincBands, sincFilters } from '@dsp/sincnet'
import { tensor } from '@dsp/tensor'
import { ofPeak, sameDirections, TOLERANCES } from '../agreement.ts'
import type { Contestant, Result, Work } from '../contestant.ts'
import { filesBelow, type Input, share } from '../inputs.ts'
import { inProcess } from '../peers/in-process.ts'
import { version } from '../version.ts'
import { type Context, INSTALL } from './context.ts'
import { galleryWorks } from './gallery.ts'

/** Samples of a recording: 3 s at 16 kHz. */
const LENGTH = 48000
/** What the pairs' energy gets before the logarithm. */
const FLOOR = 1e-6

/** Embeddings of recordings of 3 s, SincNet's layer alone, and the search of a gallery. */
export async function speakerWorks(context: Context): Promise<Work[]> {
  const model = join(dirname(createRequire(import.meta.url).resolve('@dsp/sincnet/package.json')), 'model')
  const encoder = await SpeakerEncoder.load(model, { intraOpNumThreads: context.threads })
  context.closing.push({ close: () => void encoder.close() })
  const recordings = (count: number) => cuts(context, count)
  return [
    encoderWork(context, encoder, model, recordings(1)),
    encoderWork(context, encoder, model, recordings(32)),
    sincWork(context, recordings(1)),
    sincWork(context, recordings(32)),
    ...galleryWorks(context),
  ]
}

/** Recordings behind one another. */
interface Recordings extends Input {
  readonly count: number
}

/** The first three seconds of so many utterances. */
function cuts(context: Context, count: number): Recordings {
  const samples = new Float32Array(count * LENGTH)
  let at = 0
  for (const file of filesBelow('librispeech/test-other', '.flac')) {
    if (at === samples.length) break
    const { data } = decodeAudioSync(readFileSync(file)).samples
    if (data.length < LENGTH) continue
    samples.set(data.subarray(0, LENGTH), at)
    at += LENGTH
  }
  if (at < samples.length) throw new Error(`there are only ${at / LENGTH} utterances of 3 s`)
  return { ...share(context, `speaker-${count}`, samples), count }
}

const rowsOf = ({ samples, count }: Recordings): Float32Array[] =>
  Array.from({ length: count }, (_, i) => samples.subarray(i * LENGTH, (i + 1) * LENGTH))

function encoderWork(context: Context, encoder: SpeakerEncoder, model: string, recordings: Recordings): Work {
  const { count, path } = recordings
  const { hop, learned, taps } = encoder.model
  const { real, partner } = sincFilters(learned.low, learned.band)
  const filters = share(context, 'speaker-filters', Float32Array.of(...real.data, ...partner.data)).path
  const onnx = { frames: join(model, 'frames.onnx'), head: join(model, 'head.onnx') }
  const given = { samples: path, length: LENGTH }
  const peer = (name: string, call: string, worker: string, params: object, similar?: string): Contestant => ({
    name,
    call,
    install: INSTALL,
    ...(similar !== undefined && { similar }),
    prepare: () => context.python.prepare({ peer: worker, params: { ...given, ...params } }),
  })
  const rows = rowsOf(recordings)
  return {
    id: `speaker-${count}`,
    title: `Speaker embeddings of 3 s, ${count === 1 ? 'one at a time' : `${count} at a time`}, ${context.threads === 1 ? 'one thread' : `${context.threads} threads`}`,
    detail: `Waveforms of ${count === 1 ? 'one utterance' : `${count} utterances`} of LibriSpeech to embeddings, float32. PyTorch computes the same graph with the same weights, its constants folded. ECAPA-TDNN-1024 has random weights, which take as long.`,
    units: count,
    unit: 'recording',
    audioSeconds: LENGTH / encoder.model.sampleRate,
    ours: {
      name: '@dsp/sincnet',
      call: count === 1 ? 'SpeakerEncoder.embed' : 'SpeakerEncoder.embedBatch',
      prepare: () =>
        inProcess(
          version('sincnet'),
          async () => (count === 1 ? [await encoder.embed(rows[0]!)] : await encoder.embedBatch(rows)),
          (made) => stacked(made.map(({ vector }) => vector.data)),
        ),
    },
    peers: [
      peer('PyTorch', 'eager, the same weights', 'speaker:pytorch', { ...onnx, filters, hop, taps, floor: FLOOR }),
      peer('Resemblyzer', 'VoiceEncoder', 'speaker:resemblyzer', {}, 'another network (LSTM, 1.4M parameters)'),
      peer('ECAPA-TDNN-1024', 'SpeechBrain', 'speaker:ecapa', {}, 'another network (20.8M parameters, random weights)'),
    ],
    agree: sameDirections(TOLERANCES.embedding),
    goals: ['PyTorch', 'Resemblyzer', 'ECAPA-TDNN-1024'].map((name) => ({ peer: name, ratio: 1 })),
  }
}

function stacked(rows: readonly Float32Array[]): Result {
  const size = rows[0]!.length
  const data = new Float32Array(rows.length * size)
  rows.forEach((row, i) => {
    data.set(row, i * size)
  })
  return { shape: [rows.length, size], data }
}

/** SincNet's filters alone, on one thread: 80 of 251 taps every 160 samples. */
function sincWork(context: Context, { count, path, samples }: Recordings): Work {
  const filters = 80
  const { low, band } = sincBands({ count: filters })
  const bank = share(context, 'sinc-filters', Float32Array.from(sincFilters(low, band).real.data)).path
  const params = { samples: path, length: LENGTH, filters: bank, taps: 251, hop: 160 }
  const signal = tensor(samples, [count, LENGTH])
  return {
    id: `sinc-${count}`,
    title: `SincNet's layer on ${count === 1 ? 'one recording' : `${count} recordings`} of 3 s`,
    detail: `${filters} band-pass filters of 251 taps every 160 samples, float32, ours on one thread. conv1d gets ready filters; SpeechBrain's layer makes its own in every call, as ours would if it were trained.`,
    units: count,
    unit: 'recording',
    audioSeconds: LENGTH / 16000,
    ours: {
      name: '@dsp/sincnet',
      call: 'sinc',
      prepare: () =>
        inProcess(
          version('sincnet'),
          () => sinc(signal, { low, band }),
          ({ shape, data }) => ({ shape, data }),
        ),
    },
    peers: [
      {
        name: 'PyTorch',
        call: 'conv1d with ready filters',
        install: INSTALL,
        prepare: () => context.python.prepare({ peer: 'sinc:conv1d', params }),
      },
      {
        name: 'SpeechBrain',
        call: 'SincConv',
        similar: 'another window and other bands',
        install: INSTALL,
        prepare: () => context.python.prepare({ peer: 'sinc:speechbrain', params }),
      },
    ],
    agree: ofPeak(TOLERANCES.sinc),
    goals: [{ peer: 'PyTorch', ratio: 1 }, ...(count === 1 ? [{ peer: 'SpeechBrain', ratio: 2.5 }] : [])],
  }
}
