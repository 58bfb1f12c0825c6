import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** What sherpa-onnx answered for one clip. */
export interface Answer {
  text: string
  tokens: string[]
  timestamps: number[]
  durations: number[]
  logProbs: number[]
}

/** Path of a file next to this one. */
export const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** The answers of sherpa-onnx: see golden/make_models.py. */
export const golden = JSON.parse(readFileSync(here('golden/golden.json'), 'utf8')) as {
  clips: string[]
  blankPenalty: number
  models: Record<string, { single: Answer[]; batched: Answer[]; penalized?: Answer }>
}

/** Largest difference of a log probability from sherpa-onnx's. */
export const LOG_PROBABILITY_TOLERANCE = 2e-3
