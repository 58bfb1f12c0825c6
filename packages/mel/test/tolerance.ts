/** Against librosa's filters in float32 and float64: largest difference over the largest weight. */
export const FILTER_TOLERANCE = { float32: 1e-7, float64: 1e-13 } as const
/** Against `librosa.feature.melspectrogram` in float64: relative, on every value above 1e-10 of the largest one. */
export const MEL_TOLERANCE = 2e-7
/** Against `librosa.feature.mfcc` in float64: largest difference over the largest magnitude. */
export const MFCC_TOLERANCE = { float32: 2e-7, float64: 1e-9 } as const
/** Against librosa's decibels in float64. */
export const DB_TOLERANCE = 1e-12
/** Against Whisper's published matrices, and transformers' numpy path. */
export const WHISPER_FILTER_TOLERANCE = 1e-7
export const WHISPER_TOLERANCE = 1e-6
/** Whisper's features with `precision: 'float32'` against the same in float64. */
export const WHISPER_FLOAT32_TOLERANCE = 1e-5
/** NeMo's features against its definition in float64: of float32 and of float64 signals; relative where a value is above 1. */
export const NEMO_TOLERANCE = 1e-6
export const NEMO_FLOAT64_TOLERANCE = 1e-9
