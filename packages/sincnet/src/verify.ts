import { DspError, type Tensor, tensor } from '@dsp/tensor'
import type { Embedding } from './encoder.js'
import type { Calibration, SpeakerModel } from './model.js'

/** Decides whether two recordings have the same speaker: part of a {@link SpeakerModel}. */
export type DecisionRule = Pick<SpeakerModel, 'threshold' | 'calibration'>

/** The answer of {@link verify}. */
export interface Verification {
  /** Cosine of the embeddings, -1 to 1. */
  readonly score: number
  /** The lowest score that counts as the same speaker. */
  readonly threshold: number
  /** Whether `score` reaches `threshold`. */
  readonly same: boolean
  /** Probability of the same speaker if both answers are equally likely beforehand, 0 to 1. */
  readonly probability: number
}

/**
 * How alike two voices are: the cosine of their embeddings.
 * @param a - An embedding.
 * @param b - Another embedding of the same model.
 * @returns -1 to 1; the same voice is near 1.
 * @throws DspError `ERR_DSP_MODEL` for embeddings of different models, `ERR_DSP_ARGUMENT` and `ERR_DSP_SHAPE` for invalid embeddings.
 *
 * @example
 * ```ts
 * import { score } from '@dsp/sincnet'
 * import { tensor } from '@dsp/tensor'
 * const voice = (...values: number[]) => ({ vector: tensor(Float32Array.from(values)), model: 'm' })
 * score(voice(1, 0), voice(0.6, 0.8)).toFixed(6) // => '0.600000'
 * ```
 */
export function score(a: Embedding, b: Embedding): number {
  const [x, y] = [unitVector(a, 'a'), unitVector(b, 'b', a)]
  const cosine = x.reduce((sum, value, i) => sum + value * y[i]!, 0)
  return Math.max(-1, Math.min(1, cosine))
}

/**
 * Whether two recordings have the same speaker.
 * @param a - The embedding of one recording.
 * @param b - The embedding of the other, from the same model.
 * @param rule - The threshold and calibration: `encoder.model`, or your own.
 * @throws DspError as {@link score} does.
 *
 * @example
 * ```ts
 * import { verify } from '@dsp/sincnet'
 * import { tensor } from '@dsp/tensor'
 * const voice = (...values: number[]) => ({ vector: tensor(Float32Array.from(values)), model: 'm' })
 * const rule = { threshold: 0.5, calibration: { scale: 10, offset: -5 } }
 * const { same, probability } = verify(voice(1, 0), voice(0.6, 0.8), rule)
 * same // => true
 * probability.toFixed(3) // => '0.731'
 * ```
 */
export function verify(a: Embedding, b: Embedding, rule: DecisionRule): Verification {
  const { threshold, calibration } = rule ?? {}
  if (!Number.isFinite(threshold)) throw DspError.argument('rule.threshold', 'a number', threshold)
  const cosine = score(a, b)
  const likely = probability(cosine, calibration)
  return { score: cosine, threshold, same: cosine >= threshold, probability: likely }
}

/**
 * The probability that a pair with this score has the same speaker, if both answers are equally likely beforehand.
 * @param score - A cosine.
 * @param calibration - The model's calibration.
 * @throws DspError `ERR_DSP_ARGUMENT` for anything that is not a finite number.
 *
 * @example
 * ```ts
 * import { probability } from '@dsp/sincnet'
 * probability(0.5, { scale: 10, offset: -5 }) // => 0.5
 * ```
 */
export function probability(score: number, calibration: Calibration): number {
  const { scale, offset } = calibration ?? {}
  for (const [name, value] of Object.entries({ score, scale, offset })) {
    if (!Number.isFinite(value)) throw DspError.argument(name, 'a number', value)
  }
  return 1 / (1 + Math.exp(-(scale * score + offset)))
}

/**
 * One embedding for several recordings of a speaker: the mean of theirs, all with the same weight, scaled to unit length.
 * @param embeddings - At least one.
 * @throws DspError as {@link score} does; `ERR_DSP_ARGUMENT` for none, and for embeddings that cancel each other out.
 *
 * @example
 * ```ts
 * import { enroll } from '@dsp/sincnet'
 * import { tensor } from '@dsp/tensor'
 * const voice = (...values: number[]) => ({ vector: tensor(Float32Array.from(values)), model: 'm' })
 * const { vector } = enroll([voice(1, 0), voice(0, 1)])
 * vector.get(0) === vector.get(1) // => true
 * ```
 */
export function enroll(embeddings: readonly Embedding[]): Embedding {
  if (!Array.isArray(embeddings) || embeddings.length === 0) {
    throw DspError.argument('embeddings', 'a list of at least one embedding', embeddings)
  }
  const first = embeddings[0] as Embedding
  const vectors = Array.from(embeddings, (embedding, i) => unitVector(embedding, `embeddings[${i}]`, first))
  const sum = vectors[0]!.map((_, i) => vectors.reduce((total, vector) => total + vector[i]!, 0))
  const length = Math.hypot(...sum)
  if (length < 1e-6 * vectors.length) {
    throw DspError.argument('embeddings', 'of one speaker', 'embeddings that cancel each other out')
  }
  return { vector: tensor(Float32Array.from(sum, (x) => x / length)), model: first.model }
}

/**
 * The vector of an embedding, scaled to unit length.
 * @param embedding - The embedding.
 * @param name - Its name in error messages.
 * @param like - The model and dimensions that it must have: those of another embedding.
 */
export function unitVector(
  embedding: Embedding,
  name: string,
  like: { readonly model: string; readonly vector: { readonly shape: readonly number[] } } = embedding,
): Float64Array {
  const vector = embedding?.vector as Tensor<Float32Array> | undefined
  if (vector?.shape?.length !== 1 || typeof embedding.model !== 'string') {
    throw DspError.argument(name, 'an embedding: a vector, and the identity of its model', embedding)
  }
  if (embedding.model !== like.model) {
    const message = `${name} is an embedding of another model: embed its recording again with the one in use`
    throw new DspError(message, {
      code: 'ERR_DSP_MODEL',
      argument: name,
      expected: like.model,
      actual: embedding.model,
    })
  }
  const [dimensions, wanted] = [vector.shape[0]!, like.vector.shape[0]!]
  if (dimensions !== wanted) {
    const message = `${name} must have ${wanted} dimensions, got ${dimensions}`
    throw new DspError(message, {
      code: 'ERR_DSP_SHAPE',
      argument: name,
      expected: String(wanted),
      actual: String(dimensions),
    })
  }
  const values = Float64Array.from({ length: dimensions }, (_, i) => vector.get(i))
  const length = Math.sqrt(values.reduce((sum, x) => sum + x * x, 0))
  if (!(length > 0 && Number.isFinite(length))) throw DspError.argument(name, 'a vector with a direction', vector.data)
  return values.map((x) => x / length)
}
