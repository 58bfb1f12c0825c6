/** Filters and frequency responses against numpy in float64: the largest absolute difference. */
export const FILTER_TOLERANCE = 1e-12
/** Frames against numpy in float64: the largest absolute difference. Values reach 50. */
export const FRAME_TOLERANCE = 1e-5
/** Log energies of pairs likewise: faint ones beside loud ones lose digits in float32, PyTorch's as ours. */
export const ENERGY_TOLERANCE = 1e-4
/** Embeddings in chunks against those of the whole, and against PyTorch's: the largest absolute difference. */
export const EMBEDDING_TOLERANCE = 1e-4
