// Times resampling and FLAC decoding against torchaudio, soxr and libsndfile on the same input, one thread each:
//   node bench/bench.mjs [PYTHON] [FILE.flac]
// PYTHON has numpy, torch, torchaudio, soxr and soundfile. Ours and theirs take turns; the best of each counts. The times are
// those of the processor, so that other work on the machine disturbs less.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { decodeAudioSync, resample } from '../dist/index.js'

const python = process.argv[2] ?? 'python3'
const flac = process.argv[3] ?? '../../../shared/data/speech/jfk.flac'
const ROUNDS = 3

const signal = (rate) =>
  Float32Array.from({ length: 60 * rate }, (_, i) => 0.3 * Math.sin(i * 0.013) * Math.cos(i * 0.31))
const bytes = readFileSync(flac)
const cd = signal(44100)
const half = signal(22050)
const work = {
  'resample 60 s 44.1 -> 16 kHz': () => resample(cd, { origFreq: 44100, newFreq: 16000 }),
  'resample 60 s 22.05 -> 16 kHz': () => resample(half, { origFreq: 22050, newFreq: 16000 }),
  'decode FLAC': () => decodeAudioSync(bytes),
}

function best(run) {
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < 7; i++) {
    const start = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(start)
    least = Math.min(least, (user + system) / 1000)
  }
  return least
}

const times = {}
const keep = (name, ms) => {
  times[name] = Math.min(times[name] ?? Number.POSITIVE_INFINITY, ms)
}
let versions = ''
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, run] of Object.entries(work)) keep(name, best(run))
  const { stdout, stderr, status } = spawnSync(python, [new URL('./peers.py', import.meta.url).pathname, flac], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${python} failed: ${stderr}`)
  const result = JSON.parse(stdout)
  versions = result.versions
  for (const [name, ms] of Object.entries(result.times)) keep(name, ms)
}
console.log(versions)
for (const name of Object.keys(work)) {
  console.log(`${name}: ${times[name].toFixed(2)} ms`)
  for (const [peer, ms] of Object.entries(times)) {
    if (peer.startsWith(`${name} by `)) {
      console.log(
        `  ${peer.slice(name.length + 4)}: ${ms.toFixed(2)} ms, ours is ${(ms / times[name]).toFixed(2)}x as fast`,
      )
    }
  }
}
