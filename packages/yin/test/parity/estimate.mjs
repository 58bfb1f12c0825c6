// The pitches of one signal by our package and by pitchfinder: called by accuracy.py and parity.py.
// node estimate.mjs CASES.json, a list of {file (float64 samples), shape, what, options, out (float64 values)}.
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { pyin, yin } from '@dsp/yin'

const peers = process.env.PEERS ?? resolve(import.meta.dirname, '../../../../apps/bench/peers/node')

const kinds = {
  yin: (y, options) => yin(y, options).data,
  pyin: (y, options) => {
    const { f0, voicedFlag, voicedProb } = pyin(y, options)
    return Float64Array.of(...f0.data, ...voicedFlag.data, ...voicedProb.data)
  },
  'pitchfinder YIN': (y, options) => byPitchfinder('YIN', y, options),
  'pitchfinder Macleod': (y, options) => byPitchfinder('Macleod', y, options),
  'pitchfinder AMDF': (y, options) => byPitchfinder('AMDF', y, options),
}

/** Frames centred as ours are; NaN where the library finds nothing. */
function byPitchfinder(name, { data }, { sr, frameLength, hopLength, fmin, fmax }) {
  const library = createRequire(resolve(peers, 'index.js'))('pitchfinder')
  const ranged = name === 'AMDF' ? { minFrequency: fmin, maxFrequency: fmax } : { bufferSize: frameLength }
  const detect = library[name]({ sampleRate: sr, ...ranged })
  const padded = new Float32Array(data.length + frameLength)
  padded.set(data, frameLength / 2)
  const frames = 1 + Math.floor(data.length / hopLength)
  return Float64Array.from({ length: frames }, (_, i) => {
    const found = detect(padded.subarray(i * hopLength, i * hopLength + frameLength))
    const f0 = typeof found === 'number' || found === null ? found : found.freq
    return f0 > 0 ? f0 : Number.NaN
  })
}

for (const { file, shape, what, options, out } of JSON.parse(readFileSync(process.argv[2], 'utf8'))) {
  const bytes = readFileSync(file)
  const data = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
  writeFileSync(out, new Uint8Array(kinds[what]({ data, shape }, options).slice().buffer))
}
