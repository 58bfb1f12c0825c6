import { OnlineResampler, toMono } from '@dsp/audio'
import { OnlineFbank } from '@dsp/mel-kaldi'
import { type AudioLike, type SignalData, type SignalInput, throwIfAborted } from '@dsp/signal'
import { type Audio, DspError } from '@dsp/tensor'
import { finish } from './features.js'
import { NemoStream } from './nemo-features.js'
import { type Segment, StreamCutter } from './segments.js'
import type { Settings } from './settings.js'

/** Sound in blocks of any length and one rate: what `readBlocks` of @dsp/audio gives, or a microphone. */
export type AudioBlocks = AsyncIterable<Audio<SignalData> | AudioLike> | Iterable<Audio<SignalData> | AudioLike>

/** What makes features, `[frames, bins]`, of samples. */
interface StreamFrontEnd {
  readonly columns: number
  accept(samples: SignalInput<Float32Array>): Float32Array
  flush(): Float32Array
}

function frontEndOf({ features, logGuard, nemo }: Settings): StreamFrontEnd {
  if (nemo !== undefined) return new NemoStream(nemo)
  const fbank = new OnlineFbank(logGuard === undefined ? features : { ...features, useLogFbank: false })
  return {
    columns: fbank.columns,
    accept: (samples) => finish(fbank.accept(samples), logGuard),
    flush: () => finish(fbank.flush(), logGuard),
  }
}

/**
 * Turns blocks of sound into stretches of features, with no more in memory than the longest stretch.
 * @param blocks - The sound.
 * @param settings - The model's.
 * @param longest - Maximum number of frames in a stretch.
 * @param signal - Cancels the work.
 */
export async function* streamSegments(
  blocks: AudioBlocks,
  settings: Settings,
  longest: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Segment, void, undefined> {
  const { sampleRate } = settings
  const frontEnd = frontEndOf(settings)
  const cutter = new StreamCutter(frontEnd.columns, longest)
  let rate: number | undefined
  let resampler: OnlineResampler | undefined
  for await (const block of blocks) {
    throwIfAborted(signal)
    if (typeof block !== 'object' || block === null || !('samples' in block)) {
      throw DspError.argument('block', '{ samples, sampleRate }', block)
    }
    const mono = toMono<SignalData>(block)
    rate ??= mono.sampleRate
    if (mono.sampleRate !== rate) {
      throw DspError.argument('block.sampleRate', `${rate} Hz as in the first block`, mono.sampleRate)
    }
    if (rate !== sampleRate) resampler ??= new OnlineResampler({ origFreq: rate, newFreq: sampleRate })
    const samples = Float32Array.from(mono.samples.data)
    yield* cutter.accept(frontEnd.accept(resampler === undefined ? samples : resampler.accept(samples)))
  }
  if (resampler !== undefined) yield* cutter.accept(frontEnd.accept(resampler.flush()))
  yield* cutter.accept(frontEnd.flush())
  yield* cutter.flush()
}
