import { whisperLogMel } from '@dsp/mel'
import { fbank } from '@dsp/mel-kaldi'
import { yin } from '@dsp/yin'

/** What is timed with the native binding and with the WebAssembly one: bundled for each. Sounds are at 16 kHz. */
export const FUNCTIONS = {
  fbank: (samples: Float32Array) => fbank(samples, { preset: 'parakeet' }),
  yin: (samples: Float32Array) => yin({ samples, sampleRate: 16000 }, { fmin: 65, fmax: 2093 }),
  whisper: (samples: Float32Array) => whisperLogMel(samples, { chunkLength: null }),
} as const
