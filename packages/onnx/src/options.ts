import { type OptionSpecs, option } from '@dsp/tensor'

/** How a session runs: ONNX Runtime's own names and, but for the log level, its own defaults. */
export interface OnnxSessionOptions {
  /** Threads that one operator may use, 0 to 256. Default 0: ONNX Runtime chooses (one per physical core). */
  readonly intraOpNumThreads: number
  /** Operators that may run concurrently in the `parallel` mode, 0 to 256. Default 0: ONNX Runtime chooses. */
  readonly interOpNumThreads: number
  /** Whether operators run one after the other or, if the graph has branches, side by side. Default `sequential`. */
  readonly executionMode: 'sequential' | 'parallel'
  /** How far the graph is rewritten when it is loaded. Default `all`. */
  readonly graphOptimizationLevel: 'disabled' | 'basic' | 'extended' | 'layout' | 'all'
  /**
   * Least severe messages that ONNX Runtime prints to stderr: 0 verbose, 1 information, 2 warnings, 3 errors, 4 fatal errors.
   * Default 3: the warnings (ONNX Runtime's own default is 2) are about how a graph was exported.
   */
  readonly logSeverityLevel: number
  /**
   * Folder of the files in which the weights of a model lie that is given as bytes. Default: none; a model that is a file has
   * them beside it.
   */
  readonly externalDataFolder: string
  /** Load and run the model in a worker thread, so that the calling thread stays free. Default false. */
  readonly worker: boolean
}

/** {@link OnnxSessionOptions} by name, type, range and default. */
export const onnxSessionOptionSpecs: OptionSpecs<OnnxSessionOptions> = {
  intraOpNumThreads: option.integer(0, { min: 0, max: 256 }),
  interOpNumThreads: option.integer(0, { min: 0, max: 256 }),
  executionMode: option.enum(['sequential', 'parallel'], 'sequential'),
  graphOptimizationLevel: option.enum(['disabled', 'basic', 'extended', 'layout', 'all'], 'all'),
  logSeverityLevel: option.integer(3, { min: 0, max: 4 }),
  externalDataFolder: option.string(''),
  worker: option.boolean(false),
}
