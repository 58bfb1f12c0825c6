/**
 * Fixed-point (Q15) mel filter banks as integers and C headers, and the bit-exact reference of the NPU kernel that uses them.
 * @module
 */
export { type Q15Bank, type Q15Filter, q15Bank } from './bank.js'
export * from './design/index.js'
export { q15Frames } from './frames.js'
export { coefficientsHeader, type HeaderOptions, headerOptionSpecs } from './header.js'
export { melQ15, melQ15Async, melQ15Batch, melQ15BatchAsync, type Q15Codes } from './mel-q15.js'
export { type RecordForm, recordForms } from './memory.js'
export { OnlineMelQ15 } from './online.js'
export {
  type MelQ15Options,
  melQ15OptionSpecs,
  type Q15BankOptions,
  type Q15BankParameters,
  type Q15FramingOptions,
  type Q15Output,
  type Q15Profile,
  type Q15Spectrum,
  q15BankOptionSpecs,
  q15BankParameters,
  q15FramingOptionSpecs,
  q15Outputs,
  q15Profiles,
} from './options.js'
export { type Q15Statistics, q15Statistics } from './statistics.js'
export { type ToWhisperOptions, toWhisper, toWhisperOptionSpecs } from './whisper.js'
