import { type StftOptions, stft, stftAsync, stftOptionSpecs } from '@dsp/fft'
import {
  type MelspectrogramOptions,
  type MfccOptions,
  melspectrogram,
  melspectrogramAsync,
  melspectrogramOptionSpecs,
  mfcc,
  mfccAsync,
  mfccOptionSpecs,
  type NemoOptions,
  nemoLogMel,
  nemoLogMelAsync,
  nemoOptionSpecs,
  nemoPresets,
  nemoWindowStride,
  type WhisperOptions,
  whisperLogMel,
  whisperLogMelAsync,
  whisperOptionSpecs,
  withNemoPreset,
} from '@dsp/mel'
import { option } from '@dsp/tensor'
import { complexValuesOf, type Definition, librosa, valuesOf } from './definition.js'
import type { ComplexChoice } from './kinds.js'

export const stftDefinition: Definition<StftOptions & ComplexChoice> = {
  ...librosa,
  description: 'short-time Fourier transform as librosa computes it, [bins, frames]: magnitudes, or complex values',
  rateOption: null,
  options: { ...stftOptionSpecs, complex: option.boolean(false) },
  ...complexValuesOf<StftOptions>(
    (audio, options) => stft(audio.samples, options),
    (audio, options) => stftAsync(audio.samples, options),
  ),
}

export const melDefinition: Definition<MelspectrogramOptions> = {
  ...librosa,
  description: 'mel spectrogram as librosa computes it, [mels, frames]',
  options: melspectrogramOptionSpecs,
  ...valuesOf<MelspectrogramOptions>(melspectrogram, melspectrogramAsync),
}

export const melMfccDefinition: Definition<MfccOptions> = {
  ...librosa,
  description: 'mel-frequency cepstral coefficients as librosa computes them, [coefficients, frames]',
  options: mfccOptionSpecs,
  ...valuesOf<MfccOptions>(mfcc, mfccAsync),
}

export const whisperDefinition: Definition<WhisperOptions> = {
  ...librosa,
  description: "Whisper's log-mel features of sound at 16 kHz, [mels, frames]",
  rateOption: null,
  options: whisperOptionSpecs,
  timing: () => ({ rate: 100, first: 0 }),
  ...valuesOf<WhisperOptions>(whisperLogMel, whisperLogMelAsync),
}

export const nemoDefinition: Definition<NemoOptions> = {
  ...librosa,
  description: "NeMo's log-mel features as Parakeet and Canary take them, [features, frames]",
  rateOption: 'sampleRate',
  options: nemoOptionSpecs,
  presets: nemoPresets,
  expand: withNemoPreset,
  timing(options, sampleRate) {
    const hop = nemoWindowStride({ ...options, sampleRate })
    // Exact padding puts the first window where half a hop of samples lies in the middle.
    return { rate: sampleRate / hop, first: options.exactPad ? hop / 2 / sampleRate : 0 }
  },
  ...valuesOf<NemoOptions>(nemoLogMel, nemoLogMelAsync),
}
