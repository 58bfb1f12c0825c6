// Runs the TypeScript packages on samples that pytest left in a file, and writes every result's bytes next to it.
// Usage: node same_bytes.mjs FOLDER float32|float64
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { resample } from '@dsp/audio'
import {
  chromaCens,
  chromaCqt,
  chromaStft,
  chromaVqt,
  cqt,
  estimateTuning,
  hybridCqt,
  icqt,
  piptrack,
  pseudoCqt,
  tonnetzFromChroma,
  vqt,
} from '@dsp/chroma'
import { istft, stft } from '@dsp/fft'
import { decomposeHpss, harmonic, hpss, percussive, softmask } from '@dsp/hpss'
import { melspectrogram, mfcc } from '@dsp/mel'
import * as kaldi from '@dsp/mel-kaldi'
import { tensor } from '@dsp/tensor'
import { pyin, yin } from '@dsp/yin'

const [folder, type] = process.argv.slice(2)
const bytes = readFileSync(join(folder, 'y.bin'))
const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
const y = type === 'float32' ? new Float32Array(buffer) : new Float64Array(buffer)
const squares = y.map((x) => x * x)
const range = { fmin: 80, fmax: 900, sr: 22050 }

const spectrum = stft(y)
const transform = cqt(y)
const parts = hpss(y, { margin: [1, 2] })
const spectra = decomposeHpss(spectrum)
const pitches = pyin(y, range)
const peaks = piptrack(y)
const chroma = chromaCqt(y)
const results = {
  stft: [spectrum],
  istft: [istft(spectrum)],
  hpss: [parts.harmonic, parts.percussive],
  harmonic: [harmonic(y)],
  percussive: [percussive(y, { kernelSize: [17, 30], power: 1 })],
  decompose: [spectra.harmonic, spectra.percussive],
  softmask: [softmask(tensor(squares, [y.length]), tensor(squares.toReversed(), [y.length]), { power: 2 })],
  yin: [yin(y, range)],
  pyin: [pitches.f0, pitches.voicedProb],
  cqt: [transform],
  vqt: [vqt(y, { nBins: 60, intervals: 'ji5' })],
  hybridCqt: [hybridCqt(y)],
  pseudoCqt: [pseudoCqt(y)],
  icqt: [icqt(transform, { dtype: 'float64' })],
  chromaStft: [chromaStft(y)],
  chromaCqt: [chroma],
  chromaCens: [chromaCens(y)],
  chromaVqt: [chromaVqt(y, { intervals: 'pythagorean' })],
  melspectrogram: [melspectrogram(y, { sr: 22050, nMels: 80 })],
  mfcc: [mfcc(y, { sr: 22050, nMfcc: 13, lifter: 22 })],
  piptrack: [peaks.pitches, peaks.magnitudes],
  fbank: [kaldi.fbank(y, { sampleFrequency: 22050, numMelBins: 40, dither: 1e-4, precision: type })],
  kaldiMfcc: [kaldi.mfcc(y, { sampleFrequency: 22050, snipEdges: false, useEnergy: true, precision: type })],
  spectrogram: [kaldi.spectrogram(y, { sampleFrequency: 22050, precision: type })],
  resample: [resample(y, { origFreq: 22050, newFreq: 16000, resamplingMethod: 'sinc_interp_kaiser' })],
}
if (type === 'float64') results.tonnetz = [tonnetzFromChroma(chroma)]
const names = {}
for (const [name, tensors] of Object.entries(results)) {
  names[name] = tensors.length
  for (const [i, { data }] of tensors.entries()) {
    writeFileSync(join(folder, `${name}-${i}.bin`), new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  }
}
writeFileSync(join(folder, 'results.json'), JSON.stringify({ names, tuning: estimateTuning(y) }))
