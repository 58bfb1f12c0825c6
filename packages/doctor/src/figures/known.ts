import type { FrontEnd } from '../front-end.js'
import { frontEndOf } from '../kinds.js'

/** A front end that a library has under one name. */
export interface KnownFrontEnd {
  readonly name: string
  readonly frontEnd: FrontEnd
}

/** Rate at which Whisper and the models of the presets work. */
const SPEECH_RATE = 16000

/**
 * Front ends that a side may be as a whole, whatever it claims: those of well-known libraries with as many bins and the same hop.
 * @param claimed - What the side claims.
 */
export function knownFrontEnds(claimed: FrontEnd): KnownFrontEnd[] {
  const { sampleRate, numBins, frameLength, frameShift, fftLength } = claimed
  const seconds = (samples: number) => samples / sampleRate
  const fbank = (preset: string, more: object = {}) =>
    frontEndOf('fbank', { preset, numMelBins: numBins, ...more }, sampleRate)
  const mel = frontEndOf(
    'mel',
    { nMels: numBins, nFft: fftLength, hopLength: frameShift, winLength: frameLength },
    sampleRate,
  )
  const nemo = (normalize: string) =>
    frontEndOf(
      'nemo',
      { features: numBins, windowSize: seconds(frameLength), windowStride: seconds(frameShift), normalize, dither: 0 },
      sampleRate,
    )
  const all: KnownFrontEnd[] = [
    { name: "torchaudio's fbank", frontEnd: fbank('torchaudio') },
    { name: "Kaldi's fbank of int16 samples", frontEnd: { ...fbank('torchaudio'), gain: 32768 } },
    { name: "lhotse's fbank", frontEnd: fbank('lhotse') },
    { name: "sherpa-onnx's features for icefall models", frontEnd: fbank('sherpa-onnx') },
    { name: "sherpa-onnx's features for NeMo models", frontEnd: fbank('sherpa-nemo') },
    { name: "NeMo's features without normalisation", frontEnd: nemo('none') },
    { name: "NeMo's features", frontEnd: nemo('per_feature') },
    { name: "librosa's mel spectrogram in ln", frontEnd: { ...mel, log: 'ln', floorType: 'max', floor: 1e-10 } },
    { name: "librosa's mel spectrogram in dB", frontEnd: { ...mel, log: 'dB', floorType: 'max', floor: 1e-10 } },
  ]
  if (sampleRate === SPEECH_RATE && (numBins === 80 || numBins === 128))
    all.push({ name: "Whisper's features", frontEnd: frontEndOf('whisper', { nMels: numBins }, sampleRate) })
  return all.filter(({ frontEnd }) => frontEnd.frameShift === frameShift)
}
