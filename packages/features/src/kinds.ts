import type { ResampleOptions } from '@dsp/audio'
import type {
  ChromaCensOptions,
  ChromaCqtOptions,
  ChromaStftOptions,
  ChromaVqtOptions,
  CqtOptions,
  EstimateTuningOptions,
  HybridCqtOptions,
  PiptrackOptions,
  PseudoCqtOptions,
  TonnetzOptions,
  VqtOptions,
} from '@dsp/chroma'
import type { StftOptions } from '@dsp/fft'
import type { PartOptions } from '@dsp/hpss'
import type { MfccOptions as MelMfccOptions, MelspectrogramOptions, NemoOptions, WhisperOptions } from '@dsp/mel'
import type { FbankOptions, MfccOptions, SpectrogramOptions } from '@dsp/mel-kaldi'
import type { SignalData } from '@dsp/signal'
import type { OptionSpecs, Tensor } from '@dsp/tensor'
import type { PyinOptions, YinOptions } from '@dsp/yin'

/** What the kinds with complex values take besides their function's options. */
export interface ComplexChoice {
  /** True: complex values, real and imaginary parts in a last axis of 2. False: magnitudes. Default false. */
  readonly complex: boolean
}

/** The options of the kind `resample`: those of `resample` of @dsp/audio, whose rates are the audio's own and this one. */
export interface ResampleFeatureOptions extends Omit<ResampleOptions, 'origFreq' | 'newFreq'> {
  /** Sample rate of the result in Hz, 1 to 100,000,000. Must be given. */
  readonly targetRate: number
}

/** Every kind of features, with all of its options. */
export interface FeatureOptionsOf {
  /** Log mel filter bank energies, as Kaldi. */
  readonly fbank: Required<FbankOptions>
  /** Mel-frequency cepstral coefficients, as Kaldi. */
  readonly mfcc: Required<MfccOptions>
  /** Log power spectrum, as Kaldi. */
  readonly spectrogram: Required<SpectrogramOptions>
  /** Short-time Fourier transform, as librosa. */
  readonly stft: StftOptions & ComplexChoice
  /** The samples at another rate, as torchaudio. */
  readonly resample: ResampleFeatureOptions
  /** Mel spectrogram, as librosa. */
  readonly mel: MelspectrogramOptions
  /** Mel-frequency cepstral coefficients, as librosa. */
  readonly 'mel-mfcc': MelMfccOptions
  /** Whisper's log-mel features. */
  readonly whisper: WhisperOptions
  /** NeMo's log-mel features. */
  readonly nemo: NemoOptions
  /** The harmonic part, as librosa. */
  readonly 'hpss-harmonic': PartOptions
  /** The percussive part, as librosa. */
  readonly 'hpss-percussive': PartOptions
  /** Fundamental frequency by YIN, as librosa. `fmin` and `fmax` are C2 and C7 by default. */
  readonly yin: YinOptions
  /** Fundamental frequency by probabilistic YIN, as librosa. `fmin` and `fmax` are C2 and C7 by default. */
  readonly pyin: PyinOptions
  /** Chroma of a short-time Fourier transform, as librosa. */
  readonly 'chroma-stft': ChromaStftOptions
  /** Chroma of a constant-Q transform, as librosa. */
  readonly 'chroma-cqt': ChromaCqtOptions
  /** Chroma energy normalised statistics, as librosa. */
  readonly 'chroma-cens': ChromaCensOptions
  /** Chroma of a variable-Q transform, as librosa. `intervals` is `equal` by default. */
  readonly 'chroma-vqt': ChromaVqtOptions
  /** Constant-Q transform, as librosa. */
  readonly cqt: CqtOptions & ComplexChoice
  /** Variable-Q transform, as librosa. */
  readonly vqt: VqtOptions & ComplexChoice
  /** Magnitudes of the hybrid constant-Q transform, as librosa. */
  readonly 'hybrid-cqt': HybridCqtOptions
  /** Magnitudes of the pseudo constant-Q transform, as librosa. */
  readonly 'pseudo-cqt': PseudoCqtOptions
  /** Pitches of spectral peaks, as librosa's piptrack. */
  readonly piptrack: PiptrackOptions
  /** By how much of a bin the audio is out of tune, as librosa's estimate_tuning. */
  readonly tuning: EstimateTuningOptions
  /** Tonal centroids, as librosa. */
  readonly tonnetz: TonnetzOptions
}

/** The name of a kind of features. */
export type FeatureKind = keyof FeatureOptionsOf

/** The options of a kind as a caller gives them: all may be left out but `targetRate` of `resample`. */
export type FeatureOptions<K extends FeatureKind = FeatureKind> = K extends 'resample'
  ? Partial<FeatureOptionsOf[K]> & Pick<ResampleFeatureOptions, 'targetRate'>
  : Partial<FeatureOptionsOf[K]>

/**
 * What the axes of a result are, the outermost first: Kaldi's features are `[frames, bins]`, librosa's, Whisper's and
 * NeMo's `[bins, frames]`, a pitch is `[frames]`, sound is `[samples]`, and a number of the whole audio `[values]`, of which there is one.
 * Complex values have a further axis of 2.
 */
export type Orientation =
  | readonly ['frames', 'bins']
  | readonly ['bins', 'frames']
  | readonly ['frames']
  | readonly ['samples']
  | readonly ['values']

/** Where frames (or samples) lie in time (of a kind that has any): frame `f` is centred `first + f / rate` seconds after the audio's first sample. */
export interface FrameTiming {
  /** Frames per second. */
  readonly rate: number
  /** Centre of the first frame, in seconds. */
  readonly first: number
}

/** Describes a kind of features. */
export interface FeatureInfo<K extends FeatureKind = FeatureKind> {
  /** Its name. */
  readonly name: K
  /** One line that says what it is, whose it is and of what shape. */
  readonly description: string
  /** The axes of its result. */
  readonly orientation: Orientation
  /**
   * How audio of several channels is handled: `average`: their mean is taken first. `select`: the same, unless the option `channel`
   * says which one is used. `each`: every channel gives a result, and channels are the first axis.
   */
  readonly channels: 'average' | 'select' | 'each'
  /** The option that is the audio's own sample rate, if there is one; giving another rate is an error. */
  readonly rateOption: string | null
  /** Its options by name, type, range and default. A default of `undefined` means that the option must be given. */
  readonly options: OptionSpecs<FeatureOptionsOf[K]>
  /** The values of its option `preset`: what each changes of the defaults. Empty if there is no such option. */
  readonly presets: Readonly<Record<string, Partial<FeatureOptionsOf[K]>>>
}

/** The values of a kind: Kaldi's are of the option `precision`, pitches and tuning float64, all others of the element type of the audio. */
export type FeatureValues<K extends FeatureKind, T extends SignalData> = K extends 'fbank' | 'mfcc' | 'spectrogram'
  ? Tensor<Float32Array> | Tensor<Float64Array>
  : K extends 'yin' | 'pyin' | 'tuning'
    ? Tensor<Float64Array>
    : Tensor<T>

/** What `hpss-harmonic` and `hpss-percussive` give besides the values: both parts, each of the shape of the audio. */
export interface SeparatedParts<T extends SignalData> {
  /** The harmonic part. */
  readonly harmonic: Tensor<T>
  /** The percussive part. */
  readonly percussive: Tensor<T>
}

/** What `pyin` gives besides the values, `[frames]` each. */
export interface VoicedParts {
  /** 1 if the frame is voiced, else 0. */
  readonly voicedFlag: Tensor<Uint8Array>
  /** The probability that the frame is voiced, 0 to 1. */
  readonly voicedProb: Tensor<Float64Array>
}

/** What `piptrack` gives beside the values. */
export interface PeakParts<T extends SignalData> {
  /** `[bins, frames]`: the magnitude of the peak at a bin, 0 where there is none. */
  readonly magnitudes: Tensor<T>
}

/** What the same computation gives beside the values. */
export type FeatureParts<K extends FeatureKind, T extends SignalData> = K extends 'hpss-harmonic' | 'hpss-percussive'
  ? SeparatedParts<T>
  : K extends 'pyin'
    ? VoicedParts
    : K extends 'piptrack'
      ? PeakParts<T>
      : Readonly<Record<string, never>>

/** Computed features. */
export interface Features<K extends FeatureKind = FeatureKind, T extends SignalData = Float32Array> {
  /** Their kind. */
  readonly kind: K
  /** The values, with the axes of `orientation`. */
  readonly values: FeatureValues<K, T>
  /** What the same computation gives besides them; empty for most kinds. */
  readonly parts: FeatureParts<K, T>
  /** The axes of the values; where `channels` of {@link FeatureInfo} is `each`, audio of several channels adds one in front. */
  readonly orientation: Orientation
  /** Whether the last axis of the values holds real and imaginary parts. */
  readonly complex: boolean
  /** Sample rate of the audio in Hz. */
  readonly sampleRate: number
  /** Where the frames (or samples) of the values lie in time. */
  readonly timing: FrameTiming
  /** Every option that was used, defaults and the preset's values included. */
  readonly options: FeatureOptionsOf[K]
}
