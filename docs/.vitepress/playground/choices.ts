import type { FeatureKind } from '@dsp/features'

/** A feature of the playground: what @dsp/features calls it, and how its own package does. */
export interface Choice {
  readonly kind: FeatureKind
  readonly label: string
  /** The package, its one-shot function and its streaming class, if it has one. */
  readonly package: string
  readonly oneShot: string
  readonly online: string | null
  /** Sample rates in Hz that may be chosen, the first one at the start. */
  readonly rates: readonly number[]
  /** Options that differ from the defaults at the start, as text. */
  readonly start: Readonly<Record<string, string>>
  /** Options shown first, in this order; all others follow below. */
  readonly first: readonly string[]
  /** Ends of the sliders of options whose defaults, 0 or null, tell nothing of their size. */
  readonly ends: Readonly<Record<string, readonly [number, number]>>
  /** Options that mean nothing here. */
  readonly hidden: readonly string[]
  /** The page that explains them. */
  readonly page: string
}

const SPEECH = [16000, 8000, 22050, 44100, 48000]
const MUSIC = [22050, 16000, 44100, 48000]

export const choices: readonly Choice[] = [
  {
    kind: 'whisper',
    label: "Whisper's log mel",
    package: '@dsp/mel',
    oneShot: 'whisperLogMel',
    online: null,
    rates: [16000],
    // Padded to 30 s, a short recording would be a thin strip of the picture.
    start: { chunkLength: 'null' },
    first: ['nMels', 'chunkLength', 'precision'],
    ends: {},
    hidden: [],
    page: '/packages/mel',
  },
  {
    kind: 'fbank',
    label: 'Kaldi fbank',
    package: '@dsp/mel-kaldi',
    oneShot: 'fbank',
    online: 'OnlineFbank',
    rates: SPEECH,
    start: { numMelBins: '80' },
    first: ['preset', 'numMelBins', 'frameLength', 'frameShift', 'lowFreq', 'highFreq', 'windowType', 'snipEdges'],
    ends: { highFreq: [-4000, 8000] },
    hidden: ['channel'],
    page: '/packages/mel-kaldi',
  },
  {
    kind: 'mfcc',
    label: 'MFCC',
    package: '@dsp/mel-kaldi',
    oneShot: 'mfcc',
    online: 'OnlineMfcc',
    rates: SPEECH,
    start: {},
    first: ['preset', 'numCeps', 'numMelBins', 'cepstralLifter', 'frameLength', 'frameShift', 'windowType'],
    ends: { highFreq: [-4000, 8000] },
    hidden: ['channel'],
    page: '/packages/mel-kaldi',
  },
  {
    kind: 'mel',
    label: 'Mel spectrogram',
    package: '@dsp/mel',
    oneShot: 'melspectrogram',
    online: 'OnlineMelspectrogram',
    rates: MUSIC,
    start: {},
    first: ['nMels', 'nFft', 'hopLength', 'fmin', 'fmax', 'power', 'htk'],
    ends: { hopLength: [32, 2048], fmin: [0, 2000], fmax: [1000, 11025] },
    hidden: [],
    page: '/packages/mel',
  },
  {
    kind: 'yin',
    label: 'Pitch (YIN)',
    package: '@dsp/yin',
    oneShot: 'yin',
    online: 'OnlineYin',
    rates: MUSIC,
    start: {},
    first: ['fmin', 'fmax', 'frameLength', 'hopLength', 'troughThreshold'],
    ends: { hopLength: [32, 2048] },
    hidden: [],
    page: '/packages/yin',
  },
  {
    kind: 'chroma-stft',
    label: 'Chroma',
    package: '@dsp/chroma',
    oneShot: 'chromaStft',
    online: 'OnlineChromaStft',
    rates: MUSIC,
    // A stream cannot estimate it, which takes the whole signal.
    start: { tuning: '0' },
    first: ['nChroma', 'tuning', 'nFft', 'hopLength', 'norm', 'octwidth'],
    ends: { tuning: [-0.5, 0.5], hopLength: [32, 2048] },
    hidden: [],
    page: '/packages/chroma',
  },
  {
    kind: 'hpss-harmonic',
    label: 'Harmonic and percussive (HPSS)',
    package: '@dsp/hpss',
    oneShot: 'hpss',
    online: 'OnlineHpss',
    rates: MUSIC,
    start: {},
    first: ['kernelSize', 'margin', 'power', 'nFft', 'hopLength'],
    ends: { margin: [1, 10], hopLength: [128, 1024] },
    // Masks cannot be heard.
    hidden: ['mask'],
    page: '/packages/hpss',
  },
]
