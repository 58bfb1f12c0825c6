import { OnlineResampler, toMono } from '@dsp/audio'
import { OnlineFbank } from '@dsp/mel-kaldi'
import { type AudioLike, type SignalData, throwIfAborted } from '@dsp/signal'
import { type Audio, DspError, type TensorLike } from '@dsp/tensor'
import { finish } from './features.js'
import { type Segment, StreamCutter } from './segments.js'
import type { Settings } from './settings.js'

/** Sound in blocks of any length and one rate: what `readBlocks` of @dsp/audio gives, or a microphone. */
export type AudioBlocks = AsyncIterable<Audio<SignalData> | AudioLike> | Iterable<Audio<SignalData> | AudioLike>

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
  const { sampleRate, logGuard } = settings
  const options = logGuard === undefined ? settings.features : { ...settings.features, useLogFbank: false }
  const fbank = new OnlineFbank(options)
  const cutter = new StreamCutter(fbank.columns, longest)
  const cut = (frames: TensorLike<SignalData>) => cutter.accept(finish(frames, logGuard))
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
    const frames = fbank.accept(resampler === undefined ? samples : resampler.accept(samples))
    yield* cut(frames)
  }
  if (resampler !== undefined) yield* cut(fbank.accept(resampler.flush()))
  yield* cut(fbank.flush())
  yield* cutter.flush()
}
