import { writeWav } from '@dsp/audio'
import { tensor } from '@dsp/tensor'

/** What every function and stream of the packages is called with: short sounds, so that ten thousand calls take seconds. */

/** A function's arguments, or a stream's. */
export type Arguments = readonly unknown[]

const sound = (length: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => 0.3 * Math.sin(i * 0.13) + 0.1 * Math.sin(i * i * 1e-4))

/** A tenth of a second at 22.05 kHz. */
const y = sound(2205)
const SR = 22050
/** Numbers between 0 and 1, as magnitudes, chroma and spectrograms are. */
const positive = (shape: readonly number[]) =>
  tensor(sound(shape.reduce((product, length) => product * length, 1)).map(Math.abs), shape)
const spectrogram = positive([257, 18])
const pitch = { fmin: 300, fmax: 2000, sr: SR, frameLength: 512 }
/** Two octaves from C6 on: a small bank. Tuning estimation has its own function. */
const high = { sr: SR, fmin: 1046.5, tuning: 0 }
const constantQ = { ...high, nBins: 24 }
const octaves = { ...high, fmin: 2093, nOctaves: 1 }
const variable = { sr: SR, fmin: 1046.5, nOctaves: 2, intervals: 'ji3' }
const transformed = positive([24, 5])
const chroma = positive([12, 5])
const stft = { nFft: 512 }
const wav = writeWav({ samples: tensor(y), sampleRate: SR })

/**
 * By package, then by function. `xBatch` takes the first argument of `x` twice in a list; `xAsync` takes what `x` takes.
 */
export const ARGUMENTS: Readonly<Record<string, Readonly<Record<string, Arguments>>>> = {
  hpss: {
    hpss: [y, stft],
    harmonic: [y, stft],
    percussive: [y, stft],
    decomposeHpss: [spectrogram],
    softmask: [spectrogram, spectrogram],
    medianFilter: [spectrogram, [1, 31]],
    OnlineHpss: [{ nFft: 512 }],
  },
  yin: {
    yin: [y, pitch],
    pyin: [y, { ...pitch, resolution: 0.5 }],
    OnlineYin: [pitch],
    OnlinePyin: [{ ...pitch, resolution: 0.5 }],
  },
  chroma: {
    chromaCqt: [y, octaves],
    chromaCqtFromCqt: [transformed, octaves],
    chromaCens: [y, octaves],
    chromaCensFromCqt: [transformed, octaves],
    chromaVqt: [y, variable],
    chromaVqtFromVqt: [transformed, variable],
    chromaStft: [y, stft],
    chromaStftFromSpectrogram: [spectrogram],
    tonnetz: [y, octaves],
    tonnetzFromChroma: [chroma],
    cqt: [y, constantQ],
    vqt: [y, constantQ],
    hybridCqt: [y, constantQ],
    pseudoCqt: [y, constantQ],
    icqt: [positive([24, 5, 2]), high],
    piptrack: [y, stft],
    piptrackFromSpectrogram: [spectrogram],
    estimateTuning: [y, stft],
    estimateTuningFromSpectrogram: [spectrogram],
    pitchTuning: [Float64Array.of(440, 882, 1319)],
    chromaFilters: [stft],
    cqToChroma: [84],
    wavelet: [[1000, 1500, 2000]],
    waveletLengths: [[1000, 1500, 2000]],
    constantQ: [{ fmin: 1000, nBins: 12 }],
    intervalFrequencies: [84],
    OnlineChromaStft: [{ nFft: 512, tuning: 0 }],
  },
  mel: {
    melspectrogram: [y, { ...stft, nMels: 40 }],
    melspectrogramFromSpectrogram: [spectrogram, { nMels: 40 }],
    mfcc: [y, { ...stft, nMels: 40 }],
    mfccFromSpectrogram: [spectrogram],
    powerToDb: [spectrogram],
    amplitudeToDb: [spectrogram],
    dbToPower: [spectrogram],
    dbToAmplitude: [spectrogram],
    melFilters: [{ nFft: 512, nMels: 40 }],
    whisperMelFilters: [],
    whisperLogMel: [y, { chunkLength: null }],
    nemoLogMel: [y, { sampleRate: SR }],
    nemoSeqLen: [y.length],
    nemoWindowStride: [],
    withNemoPreset: [{ preset: 'parakeet' }],
    OnlineNemoLogMel: [{ normalize: 'none', sampleRate: SR }],
    hzToMel: [spectrogram],
    melToHz: [spectrogram],
    melFrequencies: [40],
    OnlineMelspectrogram: [{ ...stft, nMels: 40 }],
  },
  fft: {
    rfft: [y.subarray(0, 512)],
    stft: [y, stft],
    istft: [positive([257, 18, 2])],
    OnlineStft: [stft],
  },
  'mel-kaldi': {
    fbank: [y, { preset: 'parakeet' }],
    OnlineFbank: [{ preset: 'parakeet' }],
  },
  audio: {
    resample: [y, { origFreq: 22050, newFreq: 16000 }],
    toMonoAt: [{ samples: y, sampleRate: SR }, 16000],
    decodeAudioSync: [wav],
    decodeAudio: [wav],
    frameLevels: [y, 160],
    clippedSamples: [y],
    OnlineResampler: [{ origFreq: 22050, newFreq: 16000 }],
  },
  sincnet: {
    sinc: [y, { pairs: true }],
    sincFilters: [[300], [100]],
    frequencyResponses: [[300], [100]],
    OnlineSinc: [{ pairs: true }],
  },
}

/** The block that a stream is fed. */
export const BLOCK = y
