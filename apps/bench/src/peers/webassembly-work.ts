import { whisperLogMel, whisperLogMelAsync } from '@dsp/mel'
import { fbank, fbankAsync, fbankBatchAsync } from '@dsp/mel-kaldi'
import { yin, yinAsync } from '@dsp/yin'

const KALDI = { preset: 'parakeet' } as const
const PITCH = { fmin: 65, fmax: 2093 }
const WHISPER = { chunkLength: null }
const pitched = (samples: Float32Array) => ({ samples, sampleRate: 16000 })

/** How many signals a batch has. */
export const BATCH = 16

/** What is timed with the native binding and with the WebAssembly one: bundled for each. Sounds are at 16 kHz. */
export const FUNCTIONS = {
  fbank: (samples: Float32Array) => fbank(samples, KALDI),
  yin: (samples: Float32Array) => yin(pitched(samples), PITCH),
  whisper: (samples: Float32Array) => whisperLogMel(samples, WHISPER),
} as const

/** What is timed in pages only, as these are the forms that threads are used by. */
export const ASYNC_FUNCTIONS = {
  fbankAsync: (samples: Float32Array) => fbankAsync(samples, KALDI),
  yinAsync: (samples: Float32Array) => yinAsync(pitched(samples), PITCH),
  whisperLogMelAsync: (samples: Float32Array) => whisperLogMelAsync(samples, WHISPER),
  fbankBatchAsync: (samples: Float32Array) => fbankBatchAsync(Array(BATCH).fill(samples), KALDI),
} as const
