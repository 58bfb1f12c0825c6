/**
 * What the tests of the @dsp packages share. Free of any test framework, and no part of the packages' own work.
 * @module
 */
export * from './data.js'
export * from './errors.js'
export * from './examples.js'
export * from './fuzz.js'
export * from './golden.js'
export * from './numbers.js'
export * from './serve.js'
