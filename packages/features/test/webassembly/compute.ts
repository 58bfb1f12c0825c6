import { decodeAudioSync, readBlocks, writeWav } from '@dsp/audio'
import { tensor } from '@dsp/tensor'
import { extract, extractAsync, type FeatureKind, featureKinds } from '../../src/index.js'

export { decodeAudio, decodeAudioSync, resample } from '@dsp/audio'

/** Values by what they are. */
export type Results = Record<string, Float32Array | Float64Array>

/** A second of a gliding tone with clicks in it, the same everywhere but for the last bits of sines. */
export function synthetic(): Float32Array {
  let state = 1
  return Float32Array.from({ length: 16000 }, (_, i) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    const noise = 0.02 * (state / 2 ** 31 - 1)
    return 0.4 * Math.sin(i * (0.06 + i * 1e-6)) + noise + (i % 4000 < 8 ? 0.3 : 0)
  })
}

/**
 * Every kind of feature of a sound in single precision and double, and of its bytes, with the binding that this file is bundled with.
 * The kinds' defaults hold; dither, which is drawn at random, is none of them.
 */
export async function compute(samples: Float32Array, sampleRate: number): Promise<Results> {
  const results: Results = {}
  for (const { name } of featureKinds()) {
    results[name] = extract(name, { samples, sampleRate }, optionsOf(name)).values.data
    const double = { samples: Float64Array.from(samples), sampleRate }
    const { values } = await extractAsync<FeatureKind, Float64Array>(name, double, optionsOf(name))
    results[`${name} float64`] = values.data
  }
  const bytes = writeWav({ samples: tensor(samples), sampleRate })
  results.decode = decodeAudioSync(bytes).samples.data as Float32Array
  const pieces = async function* () {
    for (let i = 0; i < bytes.length; i += 5000) yield bytes.subarray(i, i + 5000)
  }
  let at = 0
  const streamed = new Float32Array(samples.length)
  for await (const { samples } of readBlocks(pieces(), { blockSize: 1000 })) {
    streamed.set(samples.data, at)
    at += samples.size
  }
  results['decode stream'] = streamed
  return results
}

function optionsOf(name: FeatureKind): object {
  if (name === 'resample') return { targetRate: 11025 }
  return name === 'whisper' ? { chunkLength: 2 } : {}
}
