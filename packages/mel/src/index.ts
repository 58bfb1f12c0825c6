/**
 * Mel scales and filter banks, mel spectrograms, decibels, MFCC, Whisper's and NeMo's log-mel features.
 * @module
 */
export type { AsyncOptions, Precision, PrecisionData } from '@dsp/signal'
export {
  amplitudeToDb,
  amplitudeToDbOptionSpecs,
  type DbOptions,
  type DbReference,
  dbToAmplitude,
  dbToPower,
  type FromDbOptions,
  fromDbOptionSpecs,
  type PlainDbOptions,
  powerToDb,
  powerToDbOptionSpecs,
} from './db.js'
export { melFilters, whisperMelFilters } from './filters.js'
export {
  melspectrogram,
  melspectrogramAsync,
  melspectrogramBatch,
  melspectrogramBatchAsync,
  melspectrogramFromSpectrogram,
} from './melspectrogram.js'
export { mfcc, mfccAsync, mfccBatch, mfccBatchAsync, mfccFromSpectrogram } from './mfcc.js'
export {
  nemoLogMel,
  nemoLogMelAsync,
  nemoLogMelBatch,
  nemoLogMelBatchAsync,
  nemoSeqLen,
} from './nemo.js'
export { OnlineNemoLogMel, type OnlineNemoOptions } from './nemo-online.js'
export {
  type NemoNormalize,
  type NemoOptions,
  type NemoPresetName,
  nemoOptionSpecs,
  nemoPresets,
  nemoWindowStride,
  withNemoPreset,
} from './nemo-options.js'
export { type MelFrames, OnlineMelspectrogram } from './online.js'
export {
  type CepstrumOptions,
  cepstrumOptionSpecs,
  type MelFilterOptions,
  type MelFrequencyOptions,
  type MelFromSpectrogramOptions,
  type MelNorm,
  type MelScale,
  type MelScaleOptions,
  type MelspectrogramOptions,
  type MfccOptions,
  melFilterOptionSpecs,
  melFrequencyOptionSpecs,
  melFromSpectrogramOptionSpecs,
  melScaleOptionSpecs,
  melspectrogramOptionSpecs,
  mfccOptionSpecs,
  type WhisperOptions,
  whisperOptionSpecs,
} from './options.js'
export { hzToMel, melFrequencies, melToHz } from './scale.js'
export { whisperLogMel, whisperLogMelAsync, whisperLogMelBatch, whisperLogMelBatchAsync } from './whisper.js'
