/** Relative L2 error against a float64 transform by the definition, for every length from 1 to 1000. */
export const FFT_TOLERANCE = { float32: 1e-6, float64: 1e-14 } as const
/** Against scipy's windows: largest difference. */
export const WINDOW_TOLERANCE = 5e-15
/** Against `librosa.stft`: largest difference over the largest magnitude of the result. */
export const STFT_TOLERANCE = { float32: 1e-7, float64: 1e-14 } as const
/** Against `librosa.istft` in float64: the same measure, where the squared windows add up to more than nothing. */
export const ISTFT_TOLERANCE = { float32: 1e-7, float64: 1e-13 } as const
