import type { FbankOptions, MfccOptions, PresetName, SpectrogramOptions } from './options.js'

/** The three features. */
export type FeatureKind = 'fbank' | 'mfcc' | 'spectrogram'

/** The options of each feature in which a preset differs from torchaudio's defaults. */
export interface Preset {
  /** For {@link fbank}. */
  readonly fbank: FbankOptions
  /** For {@link mfcc}. */
  readonly mfcc: MfccOptions
  /** For {@link spectrogram}. */
  readonly spectrogram: SpectrogramOptions
}

/** One difference for all three features, and those with a filter bank or one feature alone. */
function preset(frame: SpectrogramOptions, fbank: FbankOptions = {}, mfcc: MfccOptions = {}): Preset {
  return { fbank: { ...frame, ...fbank }, mfcc: { ...frame, ...mfcc }, spectrogram: frame }
}

/**
 * The defaults of those who compute Kaldi features, as differences from torchaudio's:
 *
 * - `torchaudio`: `torchaudio.compliance.kaldi` 2.11.
 * - `kaldi-native-fbank`: kaldi-native-fbank 1.22.5: dither 3e-5, no energy floor, MFCC with energy.
 * - `lhotse`: lhotse 1.33 `Fbank` and `Mfcc`: 80 filters for fbank, up to 400 Hz below Nyquist, edges mirrored with
 *   lhotse's rounding, energy floor 1e-10. lhotse's spectrograms are another function, which this preset does not follow.
 * - `sherpa-onnx`: sherpa-onnx's feature extractor for icefall models: kaldi-native-fbank without dither, 80 filters up to 400 Hz
 *   below Nyquist, mirrored edges.
 * - `sherpa-nemo`: sherpa-onnx's feature extractor for NeMo transducers: the same with librosa's filters from 0 Hz and without removal of the
 *   mean. Its NeMo CTC models take `windowType: 'hann'` and `highFreq: 0` instead. Normalisation over time is the caller's.
 * - `parakeet`: 80 filters from 20 to 7600 Hz, Povey window, pre-emphasis 0.97, 25/10 ms, power, no removal of the mean.
 */
export const presets: Readonly<Record<PresetName, Preset>> = {
  torchaudio: preset({}),
  'kaldi-native-fbank': preset({ dither: 3e-5, energyFloor: 0 }, {}, { useEnergy: true }),
  lhotse: preset(
    { snipEdges: false, padding: 'lhotse', energyFloor: 1e-10 },
    { numMelBins: 80, highFreq: -400 },
    { highFreq: -400 },
  ),
  'sherpa-onnx': preset(
    { snipEdges: false, energyFloor: 0 },
    { numMelBins: 80, highFreq: -400 },
    { numMelBins: 80, highFreq: -400, useEnergy: true },
  ),
  'sherpa-nemo': preset(
    { snipEdges: false, energyFloor: 0, removeDcOffset: false },
    { numMelBins: 80, lowFreq: 0, highFreq: -400, isLibrosa: true },
    { numMelBins: 80, lowFreq: 0, highFreq: -400, isLibrosa: true, useEnergy: true },
  ),
  parakeet: preset(
    { removeDcOffset: false },
    { numMelBins: 80, lowFreq: 20, highFreq: 7600 },
    { numMelBins: 80, lowFreq: 20, highFreq: 7600 },
  ),
}
