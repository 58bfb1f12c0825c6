import { type OptionSpecs, option } from '@dsp/tensor'

/** How a recording is read. */
export interface RecordingOptions {
  /** The channel to use, 0 for the first (left) one, or null for the mean of all. Default null. */
  readonly channel: number | null
}

/** {@link RecordingOptions} by name, type, range and default. */
export const recordingOptionSpecs: OptionSpecs<RecordingOptions> = {
  channel: option.nullable(option.integer(0, { min: 0, max: 65535 })),
}
