/** Against `librosa.yin` in float64: the largest relative difference of a frame's frequency. */
export const YIN_TOLERANCE = 1e-9
/** Against `librosa.pyin` in float64: frames may have another voicing (a share of them), frequencies and probabilities differ. */
export const PYIN_TOLERANCE = { voicing: 1e-3, f0: 1e-12, probability: 1e-12 } as const
