import { chromaCqt, chromaCqtAsync, chromaStft, chromaStftAsync } from '@dsp/chroma'
import { hpss, hpssAsync } from '@dsp/hpss'
import { melspectrogram, melspectrogramAsync } from '@dsp/mel'
import { pyin, pyinAsync, yin, yinAsync } from '@dsp/yin'
import type { Result } from './contestant.ts'

/** One of our functions on one channel, as the works, the worker and the memory child call it. */
export interface Ours<T = unknown> {
  /** Folder of the package. */
  readonly folder: string
  /** The function, as a table names it. */
  readonly call: string
  /** On one thread. */
  sync(samples: Float32Array, sampleRate: number): T
  /** On all threads of the pool. */
  async(samples: Float32Array, sampleRate: number): Promise<T>
  /** The value as a result to compare. */
  result(value: T): Result
}

type Values = Float32Array | Float64Array
type Tensorlike = { readonly shape: readonly number[]; readonly data: Values }

const plain = ({ shape, data }: Tensorlike): Result => ({ shape, data })

/** Tensors of one shape behind one another. */
function stacked(...parts: readonly Tensorlike[]): Result {
  const { shape } = parts[0]!
  const data = new Float64Array(parts.reduce((sum, part) => sum + part.data.length, 0))
  let at = 0
  for (const part of parts) {
    data.set(part.data, at)
    at += part.data.length
  }
  return { shape: [parts.length, ...shape], data }
}

const define = <T>(ours: Ours<T>): Ours => ours as Ours

/** The range in which pitch is looked for. */
const PITCH = { fmin: 50, fmax: 2000 }

/** The functions whose speed and memory are measured against librosa's of the same name. */
export const OURS: Readonly<Record<string, Ours>> = {
  hpss: define({
    folder: 'hpss',
    call: 'hpss',
    sync: (samples) => hpss(samples),
    async: (samples) => hpssAsync(samples),
    result: ({ harmonic, percussive }) => stacked(harmonic, percussive),
  }),
  yin: define({
    folder: 'yin',
    call: 'yin, 50–2000 Hz, 2048/512',
    sync: (samples, sr) => yin(samples, { ...PITCH, sr }),
    async: (samples, sr) => yinAsync(samples, { ...PITCH, sr }),
    result: plain,
  }),
  pyin: define({
    folder: 'yin',
    call: 'pyin, 50–2000 Hz, 2048/512',
    sync: (samples, sr) => pyin(samples, { ...PITCH, sr }),
    async: (samples, sr) => pyinAsync(samples, { ...PITCH, sr }),
    result: ({ f0 }) => plain(f0),
  }),
  chroma_cqt: define({
    folder: 'chroma',
    call: 'chromaCqt',
    sync: (samples, sr) => chromaCqt(samples, { sr }),
    async: (samples, sr) => chromaCqtAsync(samples, { sr }),
    result: plain,
  }),
  chroma_stft: define({
    folder: 'chroma',
    call: 'chromaStft',
    sync: (samples, sr) => chromaStft(samples, { sr }),
    async: (samples, sr) => chromaStftAsync(samples, { sr }),
    result: plain,
  }),
  melspectrogram: define({
    folder: 'mel',
    call: 'melspectrogram',
    sync: (samples, sr) => melspectrogram(samples, { sr }),
    async: (samples, sr) => melspectrogramAsync(samples, { sr }),
    result: plain,
  }),
}
