// A worker that speaks the protocol of the Python and Rust peers.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line)
  console.log(JSON.stringify(answer(request)))
}

function answer({ op, peer, params, folder, threads, handle, iterations }) {
  if (op === 'run') return { ns: handle * iterations, cpu: Number(process.env.OMP_NUM_THREADS) }
  if (op === 'drop') return {}
  if (peer === 'missing') return { absent: 'no module named missing' }
  if (peer === 'broken') return { error: 'it broke' }
  if (peer === 'crash') process.exit(3)
  const path = join(folder, 'result.raw')
  writeFileSync(path, Buffer.from(Float32Array.of(1, 2, params.last).buffer))
  return { handle: 7, version: `1.0 on ${threads}`, shape: [3], dtype: 'float32', path }
}
