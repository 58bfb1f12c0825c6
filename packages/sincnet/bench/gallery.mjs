// Times an exact search among a million embeddings, on one core:
//   node packages/sincnet/bench/gallery.mjs [ENTRIES] [DIMENSIONS]
// The embeddings are random unit vectors around 5,000 centres, so that a query has near neighbours as voices do.
import { NearestIndex } from '@dsp/native'
import { seededRandom } from '@dsp/tensor/testing'

const [entries, dimensions] = [Number(process.argv[2] ?? 1e6), Number(process.argv[3] ?? 512)]
const [CENTRES, BLOCK, K] = [5000, 2000, 10]
const random = seededRandom(1)
const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
// Drawing every number afresh would take minutes.
const pool = Float32Array.from({ length: 1 << 22 }, gauss)
const draw = (at) => pool.subarray(at % (pool.length - dimensions), (at % (pool.length - dimensions)) + dimensions)
const centre = (i) => draw(i * 641)

function voices(count, seed) {
  const rows = new Float32Array(count * dimensions)
  for (let i = 0; i < count; i++) {
    const [a, b] = [centre((seed + i) % CENTRES), draw(seed * 7919 + i * 523 + 11)]
    let length = 0
    for (let d = 0; d < dimensions; d++) {
      const x = a[d] + 0.9 * b[d]
      rows[i * dimensions + d] = x
      length += x * x
    }
    for (let d = 0; d < dimensions; d++) rows[i * dimensions + d] /= Math.sqrt(length)
  }
  return rows
}

const index = new NearestIndex(dimensions)
const started = performance.now()
for (let at = 0; at < entries; at += BLOCK) index.add(voices(Math.min(BLOCK, entries - at), at))
console.log(`${entries} entries of ${dimensions} dimensions: ${(index.bytes / 1e9).toFixed(2)} GB of native memory,`)
console.log(
  `process ${(process.memoryUsage().rss / 1e9).toFixed(2)} GB, made in ${((performance.now() - started) / 1e3).toFixed(0)} s`,
)
for (const count of [1, 8, 32]) {
  const times = Array.from({ length: 7 }, (_, round) => {
    const queries = voices(count, 3 * round + 1)
    const from = performance.now()
    index.search(queries, K)
    return (performance.now() - from) / count
  }).sort((a, b) => a - b)
  console.log(
    `${count} at a time: ${times[3].toFixed(1)} ms a query (median of 7, best ${times[0].toFixed(1)}), top ${K}`,
  )
}
index.close()
