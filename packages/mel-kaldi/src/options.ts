import { type Precision, precisionSpec } from '@dsp/signal'
import { type OptionSpecs, option } from '@dsp/tensor'

/** The window functions: Kaldi's five, and kaldi-native-fbank's `hann` (periodic) and `sine`. */
export type WindowType = 'hamming' | 'hanning' | 'povey' | 'rectangular' | 'blackman' | 'hann' | 'sine'

/** Whose defaults are used: see {@link presets}. */
export type PresetName = 'torchaudio' | 'kaldi-native-fbank' | 'lhotse' | 'sherpa-onnx' | 'sherpa-nemo' | 'parakeet'

/**
 * What all three features share. Names, meaning and defaults are those of `torchaudio.compliance.kaldi`; defaults in
 * brackets are of the preset `torchaudio`.
 */
export interface FrameOptions<P extends Precision = Precision> {
  /** Whose defaults the options that are not given take [`torchaudio`]. */
  readonly preset?: PresetName
  /**
   * Precision of the result and of its computation [`float32`]. Frames are prepared in double precision in both; samples
   * given as float64 are used as they are.
   */
  readonly precision?: P
  /** Constant of the Blackman window [0.42]. */
  readonly blackmanCoeff?: number
  /** Row of a `[channels, samples]` signal; -1 takes the first, as torchaudio does [-1]. */
  readonly channel?: number
  /**
   * Standard deviation of the Gaussian noise that is added to every sample of every frame [0]. In the samples' own unit:
   * 3e-5 for [-1, 1] is Kaldi's 1.0 for int16 values.
   */
  readonly dither?: number
  /**
   * Seed of the noise, a whole number [0]. The same seed gives the same noise, streamed or not; the numbers are of this
   * library's own generator and equal nobody else's.
   */
  readonly seed?: number
  /** Floor under the energy, absolute; 0 for none [1.0]. Not under the filters' energies: theirs is 2^-23. */
  readonly energyFloor?: number
  /** Length of a frame in milliseconds [25]. */
  readonly frameLength?: number
  /** Distance between neighbouring frames in milliseconds [10]. */
  readonly frameShift?: number
  /** Seconds that a signal must last to have any frame [0]; below, the result is `[0, columns]`. */
  readonly minDuration?: number
  /** Coefficient of the pre-emphasis in each frame, 0 to 1 [0.97]. */
  readonly preemphasisCoefficient?: number
  /** Take the energy before pre-emphasis and window [true]. */
  readonly rawEnergy?: boolean
  /** Subtract each frame's mean [true]. */
  readonly removeDcOffset?: boolean
  /** Zero-pad frames to a power of two for the transform [true]; otherwise the frame must have an even length. */
  readonly roundToPowerOfTwo?: boolean
  /** The sample rate in Hz, 1 to 1e7 [16000]. An `Audio` brings its own; a contradiction is an error. */
  readonly sampleFrequency?: number
  /**
   * True: only frames that lie within the signal, `1 + floor((N - W) / S)` of them. False: `floor((N + S/2) / S)` frames, the
   * edges mirrored [true].
   */
  readonly snipEdges?: boolean
  /**
   * Samples that are mirrored before the first frame where `snipEdges` is false: `kaldi` for `floor(W/2) - floor(S/2)`, as Kaldi,
   * kaldi-native-fbank and torchaudio have it, or `lhotse` for `floor((W - S) / 2)`, which is one sample less where W is even
   * and S odd, e.g. at 44.1 kHz [`kaldi`].
   */
  readonly padding?: 'kaldi' | 'lhotse'
  /** Subtract each column's mean over time [false]. Not for streams. */
  readonly subtractMean?: boolean
  /** The window [`povey`]. */
  readonly windowType?: WindowType
}

/** What the features with a filter bank share. */
export interface MelOptions<P extends Precision = Precision> extends FrameOptions<P> {
  /** Upper edge of the filters in hertz; 0 or less counts from the Nyquist frequency [0]. */
  readonly highFreq?: number
  /** Lower edge of the filters in hertz [20]. */
  readonly lowFreq?: number
  /** Number of filters, 3 to half the transform's length [23]. */
  readonly numMelBins?: number
  /** Put the energy last [false]; MFCC's zeroth coefficient, too, which HTK scales by sqrt 2. */
  readonly htkCompat?: boolean
  /** Add the log energy as a column (fbank), or let it replace the zeroth coefficient (MFCC) [false]. */
  readonly useEnergy?: boolean
  /** Upper inflection point of the vocal tract warp in hertz; negative counts from the Nyquist frequency [-500]. */
  readonly vtlnHigh?: number
  /** Lower inflection point of the vocal tract warp in hertz [100]. */
  readonly vtlnLow?: number
  /** Factor of the vocal tract warp, above 0; 1 for none [1]. */
  readonly vtlnWarp?: number
  /** kaldi-native-fbank's `htk_mode`: the first weight is zeroed, energies are floored at 1 [false]. */
  readonly htkMode?: boolean
  /** kaldi-native-fbank's `is_librosa`: triangles linear in hertz, the Nyquist bin included [false]. */
  readonly isLibrosa?: boolean
  /** Scaling of the triangles if `isLibrosa` is true: area one, or none [`slaney`]. */
  readonly norm?: 'slaney' | 'none'
  /** Slaney's mel scale instead of HTK's if `isLibrosa` is true [true]. */
  readonly useSlaneyMelScale?: boolean
  /** Corners of the triangles floored to whole bins if `isLibrosa` is true [false]. */
  readonly floorToIntBin?: boolean
}

/** The options of {@link fbank}. */
export interface FbankOptions<P extends Precision = Precision> extends MelOptions<P> {
  /** Natural logarithm of the filters' energies, or the energies themselves [true]. */
  readonly useLogFbank?: boolean
  /** Power spectrum, or magnitudes [true]. */
  readonly usePower?: boolean
}

/** The options of {@link mfcc}. */
export interface MfccOptions<P extends Precision = Precision> extends MelOptions<P> {
  /** Strength of the lifter that scales the coefficients; 0 for none [22]. */
  readonly cepstralLifter?: number
  /** Number of coefficients, the zeroth included; at most `numMelBins` [13]. */
  readonly numCeps?: number
}

/** The options of {@link spectrogram}. */
export interface SpectrogramOptions<P extends Precision = Precision> extends FrameOptions<P> {}

/** Higher rates are mistakes. */
const MAX_RATE = 1e7
/** More than any transform could fill; the core checks the exact limit. */
const MAX_COUNT = 1e6

const frame: OptionSpecs<Required<FrameOptions>> = {
  preset: option.enum(
    ['torchaudio', 'kaldi-native-fbank', 'lhotse', 'sherpa-onnx', 'sherpa-nemo', 'parakeet'],
    'torchaudio',
  ),
  precision: precisionSpec,
  blackmanCoeff: option.number(0.42),
  channel: option.integer(-1, { min: -1 }),
  dither: option.number(0, { min: 0 }),
  seed: option.integer(0, { min: 0, max: Number.MAX_SAFE_INTEGER }),
  energyFloor: option.number(1, { min: 0 }),
  frameLength: option.number(25, { min: 0 }),
  frameShift: option.number(10, { min: 0 }),
  minDuration: option.number(0, { min: 0 }),
  preemphasisCoefficient: option.number(0.97, { min: 0, max: 1 }),
  rawEnergy: option.boolean(true),
  removeDcOffset: option.boolean(true),
  roundToPowerOfTwo: option.boolean(true),
  sampleFrequency: option.number(16000, { min: 1, max: MAX_RATE }),
  snipEdges: option.boolean(true),
  padding: option.enum(['kaldi', 'lhotse'], 'kaldi'),
  subtractMean: option.boolean(false),
  windowType: option.enum(['hamming', 'hanning', 'povey', 'rectangular', 'blackman', 'hann', 'sine'], 'povey'),
}

const mel: OptionSpecs<Required<MelOptions>> = {
  ...frame,
  highFreq: option.number(0),
  lowFreq: option.number(20, { min: 0 }),
  numMelBins: option.integer(23, { min: 3, max: MAX_COUNT }),
  htkCompat: option.boolean(false),
  useEnergy: option.boolean(false),
  vtlnHigh: option.number(-500),
  vtlnLow: option.number(100),
  vtlnWarp: option.number(1),
  htkMode: option.boolean(false),
  isLibrosa: option.boolean(false),
  norm: option.enum(['slaney', 'none'], 'slaney'),
  useSlaneyMelScale: option.boolean(true),
  floorToIntBin: option.boolean(false),
}

/** The specifications of {@link FbankOptions}; their defaults are torchaudio's. */
export const fbankOptionSpecs: OptionSpecs<Required<FbankOptions>> = {
  ...mel,
  useLogFbank: option.boolean(true),
  usePower: option.boolean(true),
}

/** The specifications of {@link MfccOptions}; their defaults are torchaudio's. */
export const mfccOptionSpecs: OptionSpecs<Required<MfccOptions>> = {
  ...mel,
  cepstralLifter: option.number(22, { min: 0 }),
  numCeps: option.integer(13, { min: 1, max: MAX_COUNT }),
}

/** The specifications of {@link SpectrogramOptions}; their defaults are torchaudio's. */
export const spectrogramOptionSpecs: OptionSpecs<Required<SpectrogramOptions>> = frame
