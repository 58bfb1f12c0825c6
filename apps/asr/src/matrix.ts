/** Features of one stretch of sound: `[frames, bins]`, row-major. */
export interface Matrix {
  readonly data: Float32Array
  readonly frames: number
  readonly bins: number
}

/** log(1e-10): what sherpa-onnx fills short features of a batch up with. */
export const LOG_FILL = -23.025850929940457

/** Joins features to one batch of shape `[batch, frames, bins]`, the short ones filled up at their end. */
export function padBatch(batch: readonly Matrix[], fill: number): { data: Float32Array; frames: number; bins: number } {
  const frames = Math.max(...batch.map((matrix) => matrix.frames))
  const bins = batch[0]!.bins
  if (batch.length === 1) return { data: batch[0]!.data, frames, bins }
  const data = new Float32Array(batch.length * frames * bins).fill(fill)
  batch.forEach((matrix, i) => {
    data.set(matrix.data, i * frames * bins)
  })
  return { data, frames, bins }
}

/** `[batch, rows, columns]` -> `[batch, columns, rows]`. */
export function transpose(data: Float32Array, batch: number, rows: number, columns: number): Float32Array {
  const result = new Float32Array(data.length)
  const size = rows * columns
  for (let b = 0; b < batch; b++) {
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) result[b * size + c * rows + r] = data[b * size + r * columns + c]!
    }
  }
  return result
}
