import { RfftPlan, rfft } from '@dsp/fft'
import { tensor } from '@dsp/tensor'
import { relativeL2, TOLERANCES } from '../agreement.ts'
import { Absent, type Contestant, type Ready, type Work } from '../contestant.ts'
import { share, speech } from '../inputs.ts'
import { inProcess } from '../peers/in-process.ts'
import { fftJs, pffft } from '../peers/node-libraries.ts'
import { version } from '../version.ts'
import { type Context, INSTALL } from './context.ts'

/** Samples of a batch, input and output of which stay within a core's cache together. */
const SAMPLES = 1 << 16

/** Batches of real float32 transforms of the lengths that speech and music use. */
export function fftWorks(context: Context): Work[] {
  const { samples } = speech(context)
  return [400, 512, 2048].map((length) => fftWork(context, length, samples))
}

function fftWork(context: Context, length: number, samples: Float32Array): Work {
  const count = Math.floor(SAMPLES / length)
  const { samples: batch, path } = share(context, `batch-${length}`, samples.slice(0, count * length))
  const params = { samples: path, length }
  const other = (process: Context['python'], name: string, key: string, call: string): Contestant => ({
    name,
    call,
    install: INSTALL,
    prepare: () => process.prepare({ peer: `fft:${key}`, params }),
  })
  const where = (possible: boolean, lengths: string, prepare: () => Promise<Ready>) =>
    possible ? prepare : () => Promise.reject(new Absent(`transforms ${lengths} only`))
  const powerOfTwo = (length & (length - 1)) === 0
  return {
    id: `fft-${length}`,
    title: `Real FFT of ${length} samples`,
    detail: `${count} frames of ${length} float32 samples of speech to ${length / 2 + 1} complex bins each, in one call where the library has a batch form. Time of one transform.`,
    units: count,
    unit: 'transform',
    ours: {
      name: '@dsp/fft',
      call: 'RfftPlan.forward, own result array',
      prepare: () => planned(batch, count, length),
    },
    peers: [
      { name: '@dsp/fft', call: 'rfft, a new result in each call', prepare: () => oneShot(batch, count, length) },
      other(context.python, 'FFTW', 'fftw', 'MEASURE plan over the batch, own aligned buffers (pyfftw)'),
      {
        name: 'pffft',
        call: 'WebAssembly SIMD, batch copied in',
        prepare: where(length % 32 === 0, 'multiples of 32', () => pffft(batch, length)),
      },
      {
        name: 'fft.js',
        call: 'realTransform, float64, frame by frame',
        prepare: where(powerOfTwo, 'powers of two', () => fftJs(batch, length)),
      },
      other(context.python, 'torch', 'torch', 'fft.rfft (MKL in x86 wheels)'),
      other(context.python, 'numpy', 'numpy', 'fft.rfft, float32'),
      other(context.python, 'scipy', 'scipy', 'fft.rfft, float32'),
      other(context.rust, 'realfft', 'realfft', 'frame by frame, own scratch'),
    ],
    agree: relativeL2(TOLERANCES.fft),
    goals: [
      { peer: 'FFTW', ratio: 1 },
      ...(length % 32 === 0 ? [{ peer: 'pffft', ratio: 1 }] : []),
      ...(powerOfTwo ? [{ peer: 'fft.js', ratio: 6 }] : []),
    ],
  }
}

/** Plan and storage made before the clock starts, as FFTW and pffft have theirs. */
function planned(batch: Float32Array, count: number, length: number): Promise<Ready> {
  const x = tensor(batch, [count, length])
  const plan = new RfftPlan(length)
  const output = new Float32Array(count * plan.bins * 2)
  return inProcess(
    version('fft'),
    () => plan.forward(x, output),
    ({ data, shape }) => ({ data: data.slice(), shape }),
  )
}

function oneShot(batch: Float32Array, count: number, length: number): Promise<Ready> {
  const x = tensor(batch, [count, length])
  return inProcess(
    version('fft'),
    () => rfft(x),
    ({ data, shape }) => ({ data, shape }),
  )
}
