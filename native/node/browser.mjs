// What bundlers take for browsers instead of index.js. Named exports and the wait for the module are in the package itself.
export * from '@dsp/native-wasm32-wasi'
