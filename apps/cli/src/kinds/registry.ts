import { UsageError } from '../failure.js'
import type { Kind } from './kind.js'

/** A kind by name: one line of help, and its implementation, which is loaded when it is used. */
interface Entry {
  readonly summary: string
  readonly load: () => Promise<Kind>
}

/** Every kind of features. */
export const kinds: Readonly<Record<string, Entry>> = {
  fbank: {
    summary: 'log mel filter bank energies as Kaldi computes them, [frames, bins]',
    load: async () => (await import('./kaldi.js')).fbankKind,
  },
  mfcc: {
    summary: 'mel-frequency cepstral coefficients as Kaldi computes them, [frames, coefficients]',
    load: async () => (await import('./kaldi.js')).mfccKind,
  },
  spectrogram: {
    summary: 'log power spectrum as Kaldi computes it, [frames, bins]',
    load: async () => (await import('./kaldi.js')).spectrogramKind,
  },
  stft: {
    summary: 'short-time Fourier transform as librosa computes it, [bins, frames]: magnitudes, or --complex values',
    load: async () => (await import('./stft.js')).stftKind,
  },
  resample: {
    summary: 'the samples at another rate (--set targetRate=HZ) as torchaudio computes them, [samples]',
    load: async () => (await import('./resample.js')).resampleKind,
  },
  mel: {
    summary: 'mel spectrogram as librosa computes it, [mels, frames]',
    load: async () => (await import('./mel.js')).melKind,
  },
  'mel-mfcc': {
    summary: 'mel-frequency cepstral coefficients as librosa computes them, [coefficients, frames]',
    load: async () => (await import('./mel.js')).melMfccKind,
  },
  whisper: {
    summary: "Whisper's log-mel features of sound at 16 kHz, [mels, frames]",
    load: async () => (await import('./mel.js')).whisperKind,
  },
  'hpss-harmonic': {
    summary: 'the harmonic part of the sound as librosa separates it, [samples]',
    load: async () => (await import('./hpss.js')).hpssHarmonicKind,
  },
  'hpss-percussive': {
    summary: 'the percussive part of the sound as librosa separates it, [samples]',
    load: async () => (await import('./hpss.js')).hpssPercussiveKind,
  },
  yin: {
    summary: 'fundamental frequency by YIN as librosa computes it, [frames] in hertz',
    load: async () => (await import('./pitch.js')).yinKind,
  },
  pyin: {
    summary: 'fundamental frequency by probabilistic YIN as librosa computes it, [frames] in hertz, NaN where unvoiced',
    load: async () => (await import('./pitch.js')).pyinKind,
  },
  'chroma-stft': {
    summary: 'chroma of a short-time Fourier transform as librosa computes it, [pitch classes, frames]',
    load: async () => (await import('./chroma.js')).chromaStftKind,
  },
  'chroma-cqt': {
    summary: 'chroma of a constant-Q transform as librosa computes it, [pitch classes, frames]',
    load: async () => (await import('./chroma.js')).chromaCqtKind,
  },
  'chroma-cens': {
    summary: 'smoothed, quantised chroma (CENS) as librosa computes it, [pitch classes, frames]',
    load: async () => (await import('./chroma.js')).chromaCensKind,
  },
  'chroma-vqt': {
    summary: 'chroma of a variable-Q transform as librosa computes it, [pitch classes, frames]',
    load: async () => (await import('./chroma.js')).chromaVqtKind,
  },
  cqt: {
    summary: 'constant-Q transform as librosa computes it, [bins, frames]: magnitudes, or --complex values',
    load: async () => (await import('./chroma.js')).cqtKind,
  },
  tonnetz: {
    summary: 'tonal centroids as librosa computes them, [6, frames]',
    load: async () => (await import('./chroma.js')).tonnetzKind,
  },
}

/** Loads a kind. */
export function loadKind(name: string): Promise<Kind> {
  if (!Object.hasOwn(kinds, name)) {
    throw new UsageError(`there is no kind ${JSON.stringify(name)}; the kinds are: ${Object.keys(kinds).join(', ')}`)
  }
  return kinds[name]!.load()
}

/** The kinds with their summaries, for help texts. */
export function describeKinds(): string {
  const width = Math.max(...Object.keys(kinds).map((name) => name.length))
  return Object.entries(kinds)
    .map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`)
    .join('\n')
}
