import type { FrontEnd } from '../src/index.js'
import { PLAIN } from '../src/kinds.js'

/** torchaudio.compliance.kaldi.fbank with 80 filters from 20 Hz to 7600 Hz, the front end that most tests start from. */
export const kaldi: FrontEnd = {
  ...PLAIN,
  framePreemphasis: 0.97,
  dcOffset: 'frame',
  window: 'povey',
  periodic: false,
  triangles: 'mel',
  lowFreq: 20,
  highFreq: 7600,
  floorType: 'max',
  floor: 2 ** -23,
  normalisationDdof: 0,
}

/** Whisper's, on audio that is as long as it is. */
export const whisper: FrontEnd = {
  ...kaldi,
  framePreemphasis: 0,
  dcOffset: 'none',
  padding: 'reflect',
  dropLast: true,
  window: 'hann',
  periodic: true,
  fftLength: 400,
  melScale: 'slaney',
  melNorm: 'slaney',
  triangles: 'hertz',
  lowFreq: 0,
  highFreq: 8000,
  log: 'log10',
  floor: 1e-10,
  topDb: 80,
  normalisation: 'whisper',
}

/** NeMo's for Parakeet and Canary. */
export const nemo: FrontEnd = {
  ...kaldi,
  signalPreemphasis: 0.97,
  framePreemphasis: 0,
  dcOffset: 'none',
  padding: 'constant',
  dropLast: true,
  window: 'hann',
  melScale: 'slaney',
  melNorm: 'slaney',
  triangles: 'hertz',
  lowFreq: 0,
  highFreq: 8000,
  floorType: 'add',
  floor: 2 ** -24,
  normalisation: 'per-feature',
  normalisationDdof: 1,
}

/** librosa.feature.mfcc at 22.05 kHz with its defaults. */
export const librosaMfcc: FrontEnd = {
  ...whisper,
  sampleRate: 22050,
  frameLength: 2048,
  frameShift: 512,
  padding: 'constant',
  dropLast: false,
  fftLength: 2048,
  numBins: 128,
  highFreq: 11025,
  log: 'dB',
  numCeps: 20,
  normalisation: 'none',
}
