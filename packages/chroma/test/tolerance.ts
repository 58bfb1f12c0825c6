/** Against librosa in float64: largest difference over the largest magnitude of a transform. */
export const CQT_TOLERANCE = 1e-5
/** Chroma, tonnetz and their relatives: largest difference over the largest value (1, as they are normalised by default). */
export const CHROMA_TOLERANCE = 1e-5
/** `chromaCens` in steps of a quarter: the part of values that may lie on the other side of a step. */
export const CENS_FLIPPED = 0.01
/** `piptrack`: largest difference over the largest value. */
export const PIPTRACK_TOLERANCE = 1e-6
/** Filter banks, which are float32: largest difference over the largest value. */
export const BANK_TOLERANCE = 3e-7
