import { type Q15Profile, q15Profiles } from '@dsp/mel-q15'
import { type OptionSpecs, option } from '@dsp/tensor'
import type { Task } from './tokenizer.js'

/** What {@link Whisper.load} takes. */
export interface WhisperOptions {
  /** Threads that a network may use, 0 to 256. Default 0: ONNX Runtime chooses (one per physical core). */
  readonly numThreads: number
  /**
   * What computes the features: the NPU kernel's fixed-point arithmetic, Whisper's own in floating point, or linear down-sampling of
   * the spectrum, to compare with. Default `q15`. A model of 128 bands takes `float`, or `q15` with the profile `whisper` or `accurate`.
   */
  readonly frontEnd: 'q15' | 'float' | 'linear'
  /** The bank of `q15`. Default `whisper`. */
  readonly q15Profile: Q15Profile
  /** The format of the output of `q15`; `linear` only for compatibility with the first kernel. Default `log2-int8`. */
  readonly output: 'log2-int8' | 'log2-int16' | 'linear'
  /**
   * What runs the kernel of `q15`: `emulator` (default), the C kernel on this machine's processor, or `xrt`, an NPU through XRT. The
   * emulator never stands in for a missing NPU.
   */
  readonly device: 'emulator' | 'xrt'
  /** For `xrt`: path of the xclbin, built from a design of 3,000 frames (`dsp q15 design`, `native/aie/build`) with the bank and output above. */
  readonly xclbin: string
  /** For `xrt`: path of the design's instructions, `insts.bin`. */
  readonly instructions: string
  /** Never fetch a model. Default false. */
  readonly offline: boolean
}

/** {@link WhisperOptions} by name, type, range and default. */
export const whisperOptionSpecs: OptionSpecs<WhisperOptions> = {
  numThreads: option.integer(0, { min: 0, max: 256 }),
  frontEnd: option.enum(['q15', 'float', 'linear'], 'q15'),
  q15Profile: option.enum(q15Profiles, 'whisper'),
  output: option.enum(['log2-int8', 'log2-int16', 'linear'], 'log2-int8'),
  device: option.enum(['emulator', 'xrt'], 'emulator'),
  xclbin: option.string(''),
  instructions: option.string(''),
  offline: option.boolean(false),
}

/** What {@link Whisper.transcribe} takes besides the recording. */
export interface TranscribeOptions {
  /** Code of the spoken language, such as `en`. Default empty: detected in the first window with speech; `en` for English-only models. */
  readonly language: string
  /** Whether to write what is said, or its English translation. Default `transcribe`. */
  readonly task: Task
  /** Whether the model writes time stamps, so that the text has segments. Default true; without, there is one segment per window. */
  readonly timestamps: boolean
  /** Whether the words get times, if the model's files allow it. Default true. */
  readonly words: boolean
  /**
   * Whether to leave out windows in which the model hears no speech (see `Transcript.skipped`): its token for that has a probability
   * above 0.6, and the text has a mean log probability of −1 or less. These are OpenAI's limits. Default true.
   */
  readonly skipNoSpeech: boolean
}

/** {@link TranscribeOptions} by name, type, range and default. */
export const transcribeOptionSpecs: OptionSpecs<TranscribeOptions> = {
  language: option.string(''),
  task: option.enum(['transcribe', 'translate'], 'transcribe'),
  timestamps: option.boolean(true),
  words: option.boolean(true),
  skipNoSpeech: option.boolean(true),
}
