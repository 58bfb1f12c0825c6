import { magnitudesAsync, stftAsync } from '@dsp/fft'
import { melFrequencies, whisperMelFilters } from '@dsp/mel'
import { OnnxGraph, OnnxSession } from '@dsp/onnx'
import { assertBands, BANDS, FRAMES, type FrontEnd, HOP, RATE, WINDOW_SECONDS } from './front-end.js'

const N_FFT = 512
const BINS = N_FFT / 2 + 1

/**
 * Linear down-sampling of the spectrum, to compare mel with: the powers of 256 bins of a 512-point transform averaged in 80 bands of
 * equal width, and the logarithms interpolated from the bands' centres to those of Whisper's filters, whose gains they get.
 * @param mels - Bands that the model takes: only 80 are possible.
 */
export async function linearFrontEnd(mels: number): Promise<FrontEnd> {
  assertBands(mels, 'linear')
  const session = await OnnxSession.open(linearGraph(), { intraOpNumThreads: 1 })
  return {
    device: 'cpu (float)',
    async features(samples, signal) {
      const padded = new Float32Array(WINDOW_SECONDS * RATE)
      padded.set(samples)
      const abort = signal === undefined ? {} : { signal }
      const options = { nFft: N_FFT, winLength: 400, hopLength: HOP, padMode: 'reflect' as const, ...abort }
      const magnitudes = await magnitudesAsync(await stftAsync(padded, options))
      return (await session.run({ magnitudes })).features!
    },
    close: () => session.close(),
  }
}

/** From magnitudes `[257, 3001]` to features `[1, 80, 3000]`: float32 throughout. */
function linearGraph(): Uint8Array {
  const graph = new OnnxGraph('linear')
  const number = (value: number) => graph.constant(Float32Array.of(value))
  const range = (...values: number[]) => graph.constant(BigInt64Array.from(values, BigInt))
  graph.input('magnitudes', 'float32', [BINS, FRAMES + 1])
  const frames = graph.add('Slice', ['magnitudes', range(0), range(FRAMES), range(1)])
  const power = graph.add('Mul', [frames, frames])
  const bands = graph.add('MatMul', [graph.constant(averages(), [BANDS, BINS]), power])
  const floor = graph.add('Max', [bands, number(1e-10)])
  const log10 = graph.add('Mul', [graph.add('Log', [floor]), number(Math.LOG10E)])
  const { taps, gains } = interpolation()
  const moved = graph.add('MatMul', [graph.constant(taps, [BANDS, BANDS]), log10])
  const scaled = graph.add('Add', [moved, graph.constant(gains, [BANDS, 1])])
  // as Whisper does it
  const loudest = graph.add('Sub', [graph.add('ReduceMax', [scaled], { keepdims: 0 }), number(8)])
  const clamped = graph.add('Max', [scaled, loudest])
  const result = graph.add('Div', [graph.add('Add', [clamped, number(4)]), number(4)])
  graph.output(graph.add('Unsqueeze', [result, range(0)]), 'features', 'float32', [1, BANDS, FRAMES])
  return graph.bytes()
}

/** Averages over bands of equal width of the bins below the last one; a bin may lie in two bands. */
function averages(): Float32Array {
  const weights = new Float32Array(BANDS * BINS)
  const width = (BINS - 1) / BANDS
  for (let band = 0; band < BANDS; band++) {
    for (let bin = 0; bin < BINS - 1; bin++) {
      const overlap = Math.min((band + 1) * width, bin + 1) - Math.max(band * width, bin)
      weights[band * BINS + bin] = Math.max(0, overlap) / width
    }
  }
  return weights
}

/** From the bands' centres to those of Whisper's filters along frequency, and the logarithm of each filter's gain. */
function interpolation(): { taps: Float32Array; gains: Float32Array } {
  const width = RATE / 2 / BANDS
  // bin k is k times the rate / 512: the band's mean bin lies half a bin below its middle
  const centre = (band: number) => (band + 0.5) * width - RATE / N_FFT / 2
  const targets = melFrequencies(BANDS + 2, { fmin: 0, fmax: RATE / 2 }).data.subarray(1, BANDS + 1)
  const { data, shape } = whisperMelFilters(BANDS)
  const taps = new Float32Array(BANDS * BANDS)
  const gains = new Float32Array(BANDS)
  for (const [m, target] of targets.entries()) {
    const place = Math.min(BANDS - 1, Math.max(0, (target - centre(0)) / width))
    const left = Math.min(BANDS - 2, Math.floor(place))
    taps[m * BANDS + left] = 1 - (place - left)
    taps[m * BANDS + left + 1] = place - left
    const row = data.subarray(m * shape[1]!, (m + 1) * shape[1]!)
    gains[m] = Math.log10(row.reduce((sum, weight) => sum + weight, 0))
  }
  return { taps, gains }
}
