// fbank of 60 s of speech at 16 kHz, preset parakeet, one thread: ours against torchaudio and kaldi-native-fbank, taking
// turns in one run. Processor time is counted, not time on the wall, so that a busy machine disturbs it less. Usage, after a build: node bench/bench.mjs [python] [rounds]
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { decodeAudioSync } from '@dsp/audio'
import { fbank, mfcc, spectrogram } from '@dsp/mel-kaldi'
import { sharedData } from '@dsp/tensor/testing'

const [python = 'python3', rounds = '15'] = process.argv.slice(2)
const folder = sharedData('librispeech/train-clean-100')
if (folder === undefined) throw new Error('../shared/data/librispeech is not beside this checkout')
const samples = new Float32Array(960_000)
let at = 0
for (const name of readdirSync(folder).sort()) {
  const { data } = decodeAudioSync(join(folder, name)).samples
  samples.set(data.subarray(0, samples.length - at), at)
  at = Math.min(samples.length, at + data.length)
  if (at === samples.length) break
}

const scratch = mkdtempSync(join(tmpdir(), 'dsp-bench-'))
const path = join(scratch, 'speech.f32')
writeFileSync(path, samples)
const child = spawn(python, [fileURLToPath(new URL('./peers.py', import.meta.url)), path], {
  stdio: ['pipe', 'pipe', 'inherit'],
})
const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
const line = async () => (await lines.next()).value
const peers = (await line()).split('\t')

const timed = (work) => () => {
  const start = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}
const contestants = new Map([
  ['@dsp/mel-kaldi fbank', timed(() => fbank(samples, { preset: 'parakeet' }))],
  [
    "@dsp/mel-kaldi fbank, precision 'float64'",
    timed(() => fbank(samples, { preset: 'parakeet', precision: 'float64' })),
  ],
  ['@dsp/mel-kaldi mfcc', timed(() => mfcc(samples))],
  ['@dsp/mel-kaldi spectrogram', timed(() => spectrogram(samples))],
])
for (const peer of peers) {
  contestants.set(peer, async () => {
    child.stdin.write(`${peer}\n`)
    return Number(await line())
  })
}

const times = new Map([...contestants.keys()].map((name) => [name, []]))
for (let round = 0; round < Number(rounds) + 2; round++) {
  for (const [name, run] of contestants) {
    const time = await run()
    if (round >= 2) times.get(name).push(time)
  }
}
child.stdin.end()
rmSync(scratch, { recursive: true })

const ours = Math.min(...times.get('@dsp/mel-kaldi fbank'))
console.log(
  '60 s at 16 kHz, one thread: best and median of',
  rounds,
  'rounds in milliseconds of processor time, ratio to our fbank (best)',
)
for (const [name, list] of times) {
  const best = Math.min(...list)
  const median = list.sort((a, b) => a - b)[list.length >> 1]
  console.log(
    `${name.padEnd(44)} ${best.toFixed(2).padStart(8)} ${median.toFixed(2).padStart(8)} ${(best / ours).toFixed(1).padStart(6)}x`,
  )
}
