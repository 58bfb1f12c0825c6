import { contiguous, DspError, type Tensor, type TensorData, type TensorLike, tensor } from '@dsp/tensor'

/** Features: `[frames, columns]`, float32 or float64. */
export type FeatureMatrix<T extends Float32Array | Float64Array = Float32Array | Float64Array> = TensorLike<T>

/** A feature matrix as the native core takes it. */
export interface Matrix {
  /** Row-major values. */
  readonly data: Float32Array | Float64Array
  /** Length of a row. */
  readonly columns: number
}

/** Converts features to row-major values, and checks that they are a matrix of floats. */
export function asMatrix(features: FeatureMatrix, name = 'features'): Matrix {
  if (typeof features !== 'object' || features === null || !('shape' in features)) {
    throw DspError.argument(name, 'a tensor [frames, columns]', features)
  }
  const data: TensorData = contiguous<TensorData>(features, name)
  if (!(data instanceof Float32Array || data instanceof Float64Array)) {
    throw new DspError(`${name} must hold float32 or float64 values, got ${data.constructor.name}`, {
      code: 'ERR_DSP_TYPE',
      argument: name,
      expected: 'Float32Array or Float64Array',
      actual: data.constructor.name,
    })
  }
  const [, columns] = features.shape
  if (features.shape.length !== 2 || columns === undefined || columns < 1) {
    throw new DspError(`${name} must have shape [frames, columns], got [${features.shape.join(', ')}]`, {
      code: 'ERR_DSP_SHAPE',
      argument: name,
      expected: '[frames, columns]',
      actual: `[${features.shape.join(', ')}]`,
    })
  }
  return { data, columns }
}

/** Wraps the native core's answer. */
export function fromMatrix<T extends Float32Array | Float64Array>(
  data: Float32Array | Float64Array,
  columns: number,
): Tensor<T> {
  return tensor(data, [data.length / columns, columns]) as unknown as Tensor<T>
}
