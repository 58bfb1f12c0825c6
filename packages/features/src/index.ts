/**
 * Every feature of these packages by name: its options, presets and orientation, and its computation.
 * @module
 */
export type { AsyncOptions } from '@dsp/signal'
export { extract, extractAsync } from './extract.js'
export * from './kinds.js'
export { featureKind, featureKinds } from './registry.js'
export { frameTiming, resolveFeatureOptions } from './resolve.js'
