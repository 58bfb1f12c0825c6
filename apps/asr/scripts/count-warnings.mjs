// How often the shipped model's passport warns over recordings that are as they should be, and over the same ones spoiled:
// node scripts/count-warnings.mjs [FOLDER] (default: ../shared/data beside the repository). Prints a Markdown table.
import { readdirSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decodeAudio } from '@dsp/audio'
import { Recognizer } from '../dist/index.js'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const data = process.argv[2] ?? process.env.DSP_SHARED_DATA ?? here('../../../../shared/data')
const sets = ['an4/test', 'librispeech/train-clean-100', 'librispeech/test-other', 'speech', 'picovoice/commands']
sets.push('picovoice/keywords', 'dspspeech', 'arabic-words', 'arabic-digits', 'music')

let seed = 1
const uniform = () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return (seed + 1) / 4294967297
}
const gauss = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
const rms = (x) => Math.sqrt(x.reduce((sum, v) => sum + v * v, 0) / x.length)
const noisy = (snr) => (x) => {
  const power = rms(x) * 10 ** (-snr / 20)
  return x.map((v) => v + power * gauss())
}
const gain = (dB) => (x) => x.map((v) => Math.max(-1, Math.min(1, v * 10 ** (dB / 20))))
const conditions = {
  'as it is': (x) => x,
  'noise, 20 dB': noisy(20),
  'noise, 5 dB': noisy(5),
  '30 dB quieter': gain(-30),
  '20 dB louder, clipped': gain(20),
  'first second': (x) => x.slice(0, 16000),
  'int16 samples': (x) => x.map((v) => Math.round(v * 32768)),
}

const recognizer = await Recognizer.load(here('../models/an4'))
const names = Object.keys(conditions)
console.log(`| recordings | number | ${names.join(' | ')} |\n|---|---|${names.map(() => '---').join('|')}|`)
for (const set of sets) {
  const folder = join(data, set)
  const files = readdirSync(folder, { recursive: true }).filter((name) => /^\.(flac|ogg)$/.test(extname(name)))
  const counts = names.map(() => 0)
  for (const file of files.sort()) {
    const { samples, sampleRate } = await decodeAudio(join(folder, file), { mono: true, sampleRate: 16000 })
    for (const [i, name] of names.entries()) {
      const { warnings } = await recognizer.transcribe({ samples: conditions[name](samples.data), sampleRate })
      if (warnings.length === 0) continue
      counts[i]++
      if (process.env.SHOW && i < 6) console.error(`${name}: ${file}: ${warnings}`)
    }
  }
  console.log(`| ${set} | ${files.length} | ${counts.join(' | ')} |`)
}
await recognizer.release()
