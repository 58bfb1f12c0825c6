/**
 * A feature front end, setting by setting: enough to say what the usual libraries compute. Lengths are in samples at `sampleRate`,
 * frequencies in Hz. Functions of the packages resolve their options to one of these, and the doctor searches among them.
 */
export interface FrontEnd {
  /** Which channel of the audio, or what of all of them. */
  readonly channel: 'mean' | 'sum' | 'left' | 'right'
  /** The rate in Hz that the filters and lengths refer to. */
  readonly sampleRate: number
  /** How the audio came to that rate. `none`: the samples were taken as they are, whatever their rate. */
  readonly resampler: 'none' | 'linear' | 'torchaudio' | 'soxr'
  /** What samples in [-1, 1] are multiplied by, every constant factor of a later stage included: 32768 for int16 values. */
  readonly gain: number
  /** Samples by which the audio comes later: zeros are put before it, or, if negative, so many samples left out. */
  readonly shift: number
  /** Coefficient of a pre-emphasis over the whole signal; 0 for none. */
  readonly signalPreemphasis: number
  /** Coefficient of a pre-emphasis in each frame; 0 for none. */
  readonly framePreemphasis: number
  /** How often the pre-emphasis is applied. */
  readonly preemphasisTimes: 1 | 2
  /** Whose mean is subtracted: of each frame, of the whole signal, or none. */
  readonly dcOffset: 'none' | 'frame' | 'signal'
  /** Standard deviation of the noise that is added, as a part of full scale; 0 for none. */
  readonly dither: number
  /** Length of a window in samples. */
  readonly frameLength: number
  /** Samples between frames. */
  readonly frameShift: number
  /**
   * Where frames lie and what lies beyond the edges. `snip`: whole frames only. `mirror`: Kaldi's `snip_edges=False`. `reflect` and
   * `constant`: frames are centred at multiples of the shift, as in librosa, with mirrored samples or zeros beyond. `end`: from the
   * first sample on, with zeros after the last one until it is in a frame.
   */
  readonly padding: 'snip' | 'mirror' | 'reflect' | 'constant' | 'end'
  /** Whether the last frame is left out, as Whisper and NeMo do with centred frames. */
  readonly dropLast: boolean
  /** The window. */
  readonly window: 'povey' | 'hann' | 'hamming' | 'blackman' | 'rectangular' | 'sine' | 'bartlett'
  /** Whether the window is periodic, of one sample more that is cut, rather than symmetric. */
  readonly periodic: boolean
  /** Length of the transform. */
  readonly fftLength: number
  /** What the filters sum. */
  readonly spectrum: 'power' | 'magnitude'
  /** Number of mel filters; 0 for none: every bin of the spectrum is a column. */
  readonly numBins: number
  /** The mel scale; Kaldi's is HTK's. */
  readonly melScale: 'htk' | 'slaney'
  /** How filters are scaled: to an area of one in Hz, to a sum of one, or not. */
  readonly melNorm: 'none' | 'slaney' | 'sum'
  /**
   * In what the sides of a filter are straight: Hz, mel, or Hz with corners at whole bins (`bins`); `symmetric` filters have the width
   * of their left side on both, as SpeechBrain's.
   */
  readonly triangles: 'hertz' | 'mel' | 'bins' | 'symmetric'
  /** Lower edge of the first filter in Hz. */
  readonly lowFreq: number
  /** Upper edge of the last filter in Hz. */
  readonly highFreq: number
  /** Factor of Kaldi's vocal tract warp, which bends at 100 Hz and 500 Hz below the Nyquist frequency; 1 for none. */
  readonly vtlnWarp: number
  /** The logarithm. `dB` is `10 log10`, `dB-amplitude` `20 log10`. */
  readonly log: 'none' | 'ln' | 'log2' | 'log10' | 'dB' | 'dB-amplitude'
  /** How the logarithm is kept away from zero: `log(max(x, floor))` or `log(x + floor)`. */
  readonly floorType: 'none' | 'max' | 'add'
  /** The floor, as an energy. */
  readonly floor: number
  /** Values further below the loudest one than this many dB are raised to that; null: none are. */
  readonly topDb: number | null
  /** Whether the logarithm of the frame's energy is a column, and which; `c0`: it replaces the zeroth coefficient. */
  readonly energyColumn: 'none' | 'first' | 'last' | 'c0'
  /** Whether that energy is taken before pre-emphasis and window. */
  readonly rawEnergy: boolean
  /** Floor under that energy; 0 for none but float32's epsilon. */
  readonly energyFloor: number
  /** Number of cepstral coefficients; 0 for none: the features are the filters' values. */
  readonly numCeps: number
  /** Type of the cosine transform. */
  readonly dctType: 1 | 2 | 3
  /** Whether the cosine transform is orthonormal. */
  readonly dctOrtho: boolean
  /** Strength of the sine lifter; 0 for none. */
  readonly lifter: number
  /** Whose lifter: Kaldi's `1 + L/2 sin(pi i / L)`, or librosa's, whose `i` is one more. */
  readonly lifterType: 'kaldi' | 'librosa'
  /** How many orders of deltas follow the features. */
  readonly deltas: 0 | 1 | 2
  /**
   * `mean`: each column has mean 0 over time. `per-feature`: and deviation 1. `all-features`: the whole matrix has mean 0 and
   * deviation 1. `whisper`: `(x + 4) / 4`.
   */
  readonly normalisation: 'none' | 'mean' | 'per-feature' | 'all-features' | 'whisper'
  /** What is subtracted from the number of frames in a variance. */
  readonly normalisationDdof: 0 | 1
  /** How often the features are normalised. */
  readonly normalisationTimes: 1 | 2
}

/** How a reference lies in memory, as opposed to how it was computed. */
export interface Layout {
  /** The axes as they are in the file. */
  readonly axes: 'frames-bins' | 'bins-frames'
  /** Whether the columns run from the highest to the lowest. */
  readonly reversed: boolean
  /** What the values were rounded to. */
  readonly dtype: 'float64' | 'float32' | 'float16' | 'bfloat16'
  /** Whether the bytes of each value were in the other order. */
  readonly swapped: boolean
  /** Frames of padding before the features. */
  readonly before: number
  /** Frames of padding after the features. */
  readonly after: number
}
