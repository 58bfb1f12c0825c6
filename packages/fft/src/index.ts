/**
 * Discrete Fourier transforms over the last axis, short-time transforms and windows.
 * @module
 */
export type { AsyncOptions, Precision, PrecisionData } from '@dsp/signal'
export { fft, fftAsync } from './fft.js'
export { ifft, ifftAsync } from './ifft.js'
export { irfft, irfftAsync } from './irfft.js'
export { istft, istftAsync } from './istft.js'
export { magnitudes, magnitudesAsync } from './magnitudes.js'
export { OnlineStft, type StftFrames } from './online.js'
export {
  type FftOptions,
  fftOptionSpecs,
  type IstftOptions,
  istftOptionSpecs,
  type PadMode,
  type StftOptions,
  stftOptionSpecs,
  type WindowName,
  type WindowOptions,
  type WindowSpec,
  windowOptionSpecs,
} from './options.js'
export { FftPlan, RfftPlan } from './plan.js'
export { rfft, rfftAsync } from './rfft.js'
export { stft, stftAsync, stftBatch, stftBatchAsync } from './stft.js'
export { parameters as stftParameters, resolveWindowed } from './stft-plan.js'
export { window } from './window.js'
