/** Marks an error as @dsp/tensor's DspError, for which `instanceof` asks: that package is built on this one. */
const BRAND = Symbol.for('@dsp/tensor/DspError')

/** The DspError of a core that cannot be loaded, or of an option of its loading. */
export function failure(message, details, cause) {
  const error = new Error(message, cause === undefined ? undefined : { cause })
  Object.defineProperty(error, 'name', { value: 'DspError' })
  Object.defineProperty(error, BRAND, { value: true })
  return Object.assign(error, { code: 'ERR_DSP_NATIVE', argument: '@dsp/native-wasm32-wasi', ...details })
}
