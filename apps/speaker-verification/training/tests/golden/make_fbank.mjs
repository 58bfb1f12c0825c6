// Writes fbank.npz: a signal and its features by @dsp/mel-kaldi, which `mel` must equal. Run in the repository: node make_fbank.mjs
import { writeFileSync } from 'node:fs'
import { fbank } from '@dsp/mel-kaldi'
import { tensor, writeNpz } from '@dsp/tensor'

const samples = new Float32Array(8000)
let state = 1
for (let n = 0; n < samples.length; n++) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  const noise = state / 2 ** 31 - 1
  samples[n] = Math.fround(0.1 * Math.sin(0.00002 * n * n + 0.05 * n) + 0.02 * noise)
}
const features = fbank(samples, { sampleFrequency: 16000, numMelBins: 80 })
writeFileSync(new URL('fbank.npz', import.meta.url), writeNpz({ samples: tensor(samples), features }))
