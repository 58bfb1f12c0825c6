import type { FrontEnd } from '../../front-end.js'
import { number } from './values.js'

const CHANNELS = {
  mean: 'x = x.mean(axis=1)',
  sum: 'x = x.sum(axis=1)',
  left: 'x = x[:, 0]',
  right: 'x = x[:, -1]',
} as const

/** Modules of a resampler. */
export function resamplerImports({ resampler }: FrontEnd): string[] {
  if (resampler === 'torchaudio') return ['import torch', 'import torchaudio']
  return resampler === 'soxr' ? ['import soxr'] : []
}

function resampling({ resampler, sampleRate }: FrontEnd): string[] {
  const rate = number(sampleRate)
  switch (resampler) {
    case 'none':
      return []
    case 'linear':
      return [
        `if rate != ${rate}:`,
        `    times = np.arange(int(len(x) * ${rate} / rate)) * rate / ${rate}`,
        '    x = np.interp(times, np.arange(len(x)), x)',
      ]
    case 'torchaudio':
      return [`x = torchaudio.functional.resample(torch.from_numpy(x), rate, ${rate}).numpy()`]
    case 'soxr':
      return [`x = soxr.resample(x, rate, ${rate})  # quality 'HQ'`]
  }
}

/** From the samples `x` of shape `[samples, channels]` to the signal that is cut into frames. */
export function soundLines(frontEnd: FrontEnd): string[] {
  const { channel, dcOffset, shift, gain, signalPreemphasis: c, preemphasisTimes } = frontEnd
  const emphasis = `x = np.append(x[:1], x[1:] - ${number(c)} * x[:-1])`
  return [
    CHANNELS[channel],
    ...resampling(frontEnd),
    ...(dcOffset === 'signal' ? ['x = x - x.mean()'] : []),
    ...(shift > 0 ? [`x = np.append(np.zeros(${shift}), x)`] : []),
    ...(shift < 0 ? [`x = x[${-shift}:]`] : []),
    ...(gain === 1
      ? []
      : [`x = x * ${Number.isInteger(1 / gain) && Math.abs(gain) < 1 ? `(1 / ${1 / gain})` : number(gain)}`]),
    ...(c === 0 ? [] : new Array<string>(preemphasisTimes).fill(emphasis)),
  ]
}
