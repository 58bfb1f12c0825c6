import { type StftOptions, stft, stftOptionSpecs } from '@dsp/fft'
import { type OptionSpecs, resolveOptions } from '@dsp/tensor'
import { magma } from '../plot/colours.js'
import { niceTicks } from '../plot/ticks.js'
import type { Kind } from './kind.js'
import { magnitudes, matrixShape, relativeDecibels, showRate, waveform } from './shapes.js'

/** Below this magnitude everything is silence. */
const FLOOR = 1e-10

export const stftKind: Kind = {
  options: stftOptionSpecs as OptionSpecs<Record<string, unknown>>,
  hasComplex: true,
  compute(audio, settings, complex) {
    const values = stft(audio.samples, settings as Partial<StftOptions>)
    return { values: complex ? values : magnitudes(values), complex }
  },
  picture(source) {
    const [bins, frames] = matrixShape(source.values, '[bins, frames] of magnitudes')
    const given = resolveOptions('stft', stftOptionSpecs, source.settings as Partial<StftOptions>)
    // A file's own number of bins tells its length, but for an odd one.
    const nFft = Math.floor(given.nFft / 2) + 1 === bins ? given.nFft : 2 * (bins - 1)
    const hop = given.hopLength ?? Math.floor((given.winLength ?? nFft) / 4)
    const levels = new Float64Array(bins * frames)
    for (let bin = 0; bin < bins; bin++) {
      for (let frame = 0; frame < frames; frame++) {
        levels[frame * bins + bin] =
          20 * Math.log10(Math.max(FLOOR, Math.abs(source.values.data[bin * frames + frame]!)))
      }
    }
    const { values, range } = relativeDecibels(levels)
    const { sampleRate } = source
    const start = ((given.center ? 0 : nFft / 2) - hop / 2) / sampleRate
    const end = start + (frames * hop) / sampleRate
    const wave = waveform(source)
    const binHertz = sampleRate / nFft
    return {
      title: `${source.name} · stft`,
      subtitle: `${showRate(sampleRate)} · ${nFft} points every ${hop} samples · ${given.window} window`,
      panels: [
        ...wave,
        {
          type: 'heat',
          values,
          columns: frames,
          rows: bins,
          time: [start, end],
          label: 'frequency (Hz)',
          ticks: niceTicks(0, sampleRate / 2, 8).map(({ value, label }) => ({ label, value: value / binHertz + 0.5 })),
          range,
          unit: 'level (dB, 0 = loudest)',
          colours: magma,
        },
      ],
      time: wave[0]?.time ?? [0, end],
      timeLabel: 'time (s)',
    }
  },
}
