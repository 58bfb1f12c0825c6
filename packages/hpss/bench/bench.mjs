// Times separation and median filters against librosa and scipy on the same input, one thread each, and the parallel form:
//   node bench/bench.mjs [PYTHON] [MUSIC]
// PYTHON has numpy, scipy, librosa and soundfile; MUSIC is any file of music, which is repeated to 240 s. Ours and theirs
// take turns; the best of each counts. The times are those of the processor, so that other work on the machine disturbs
// less, but for the parallel form's, which is the clock's.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { istft, stft } from '@dsp/fft'
import { readNpy, tensor } from '@dsp/tensor'
import { hpss, hpssAsync, medianFilter, OnlineHpss } from '../dist/index.js'

const python = process.argv[2] ?? 'python3'
const music = process.argv[3] ?? '../../../shared/data/music/vibe-ace.ogg'
const ROUNDS = 2

const folder = mkdtempSync(join(tmpdir(), 'dsp-bench-'))
const peers = (...given) => {
  const script = new URL('./peers.py', import.meta.url).pathname
  const { stdout, stderr, status } = spawnSync(python, [script, ...given], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${python} failed: ${stderr}`)
  return stdout === '' ? undefined : JSON.parse(stdout)
}

/** The least of a few measurements, in milliseconds. */
async function best(run, clock) {
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < 4; i++) {
    const start = clock()
    await run()
    least = Math.min(least, clock() - start)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return least
}
const processor = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

try {
  peers('track', music, join(folder, 'y.npy'))
  const y = readNpy(readFileSync(join(folder, 'y.npy'))).data
  const spectrum = stft(y)
  const magnitudes = tensor(Float32Array.from({ length: 1025 * 1292 }, Math.random), [1025, 1292])
  const work = {
    'hpss 240 s': () => hpss(y),
    'hpss 240 s, margin (1, 5)': () => hpss(y, { margin: [1, 5] }),
    'median 31 along rows, 1025 x 1292': () => medianFilter(magnitudes, 31),
    'median 31 along columns, 1025 x 1292': () => medianFilter(magnitudes, 31, { axis: 0 }),
    'median 1001 along rows, 1025 x 1292': () => medianFilter(magnitudes, 1001),
    'stft 240 s': () => stft(y),
    'istft 240 s': () => istft(spectrum, { length: y.length }),
  }
  const times = {}
  const keep = (name, ms) => {
    times[name] = Math.min(times[name] ?? Number.POSITIVE_INFINITY, ms)
  }
  let versions = ''
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, run] of Object.entries(work)) keep(name, await best(run, processor))
    keep(
      'clock of hpss',
      await best(
        () => hpss(y),
        () => performance.now(),
      ),
    )
    keep(
      'clock of hpssAsync',
      await best(
        () => hpssAsync(y),
        () => performance.now(),
      ),
    )
    const found = peers('times', join(folder, 'y.npy'))
    versions = found.versions
    for (const [name, ms] of Object.entries(found.times)) keep(`${name} by librosa or scipy`, ms)
  }
  console.log(versions)
  for (const name of Object.keys(work)) {
    const theirs = times[`${name} by librosa or scipy`]
    const against =
      theirs === undefined ? '' : `, theirs ${theirs.toFixed(1)} ms: ${(theirs / times[name]).toFixed(1)}x as fast`
    console.log(`${name}: ${times[name].toFixed(1)} ms${against}`)
  }
  const [one, all] = [times['clock of hpss'], times['clock of hpssAsync']]
  console.log(
    `hpss on all cores: ${all.toFixed(1)} ms by the clock, ${one.toFixed(1)} ms on one: ${(one / all).toFixed(2)}x`,
  )
  const online = new OnlineHpss()
  const start = processor()
  for (let at = 0; at < y.length; at += 512) online.accept(y.subarray(at, at + 512))
  online.flush()
  console.log(`OnlineHpss, 240 s in blocks of 512: ${(processor() - start).toFixed(1)} ms`)
} finally {
  rmSync(folder, { recursive: true })
}
