/**
 * What every function of signals shares: what a signal is, its rate and precision, batches, the four call forms, streams,
 * plan caches, warnings, and modules of Node.js where there is one.
 * @module
 */
export * from './abort.js'
export * from './batch.js'
export * from './forms.js'
export * from './layout.js'
export * from './librosa.js'
export * from './node-module.js'
export * from './plan-cache.js'
export * from './precision.js'
export * from './rate.js'
export * from './signal.js'
export * from './stream.js'
export * from './warn.js'
