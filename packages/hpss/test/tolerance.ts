/** Against librosa in float64: the largest difference over the reference's peak. */
export const PEAK_TOLERANCE = { float32: 1e-7, float64: 1e-12 } as const
/** The same, over each value that exceeds a thousandth of the peak. */
export const RELATIVE_TOLERANCE = { float32: 1e-6, float64: 1e-9 } as const
/** Masks of float32 spectrograms against librosa's of the same in float64: largest difference. */
export const MASK_TOLERANCE = { float32: 1e-6, float64: 1e-12 } as const
