/**
 * A small interface to an AMD NPU: through XRT, or on an emulator that runs the same kernel; and a reader of the NPU's files.
 * @module
 */
export { type DetectOptions, detectNpu, type NpuDetection } from './detect.js'
export type {
  CycleModel,
  Device,
  DeviceBuffer,
  DeviceCounters,
  DeviceInfo,
  DeviceKernel,
  MelDesign,
  RanOn,
  RunOptions,
  RunResult,
  XclbinDesign,
} from './device.js'
export {
  inspect,
  type NpuArgument,
  type NpuBank,
  type NpuFile,
  type NpuOperation,
  type NpuPartition,
  type NpuPdi,
  type NpuSection,
  type PdiFile,
  type TransactionFile,
  type XclbinFile,
} from './inspect.js'
export { type OpenOptions, openDevice } from './open.js'
