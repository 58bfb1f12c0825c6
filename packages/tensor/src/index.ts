export * from './errors.js'
export * from './options.js'
export * from './tensor.js'
