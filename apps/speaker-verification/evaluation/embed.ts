/**
 * Embeds the recordings written by conditions.py with an exported model, for evaluate.ts: the twin of embed.py. Run in the app's folder:
 *
 *     npx tsup evaluation/embed.ts --format esm --out-dir evaluation/dist --no-dts
 *     node evaluation/dist/embed.js AUDIO shipped.npz [MODEL_FOLDER]
 *
 * MODEL_FOLDER is that of @dsp/sincnet by default. Conditions with missing recordings in AUDIO are left out with a message.
 */
import { existsSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeAudio } from '@dsp/audio'
import { SpeakerEncoder } from '@dsp/sincnet'
import { type TensorLike, tensor, writeNpz } from '@dsp/tensor'
import { readRecordings } from './recordings.js'

const CONDITIONS = 'full 3s 2s 1s noise-20 noise-10 noise-5 noise-0 mp3 telephone'.split(' ')

const [audio, out, model] = process.argv.slice(2)
if (audio === undefined || out === undefined) throw new Error('embed.js AUDIO OUT.npz [MODEL_FOLDER]')
const { tested, cohort, digest } = readRecordings('trials/files.tsv')

const encoder = await SpeakerEncoder.load(model, { intraOpNumThreads: 1 })
const arrays: Record<string, TensorLike> = { files: tensor(Uint8Array.from(digest), [digest.length]) }
for (const name of ['cohort', ...CONDITIONS]) {
  const folder = join(audio, name === 'cohort' ? 'full' : name)
  const paths = (name === 'cohort' ? cohort : tested).map(({ path }) => join(folder, `${path}.wav`))
  const missing = paths.filter((path) => !existsSync(path))
  if (missing.length > 0) {
    console.error(`${name} is left out: ${missing.length} recordings are missing, the first is ${missing[0]}`)
    continue
  }
  let embeddings: Float32Array | undefined
  const began = performance.now()
  for (const [row, path] of paths.entries()) {
    const { vector } = await encoder.embed(await decodeAudio(path))
    embeddings ??= new Float32Array(paths.length * vector.size)
    embeddings.set(vector.data, row * vector.size)
  }
  arrays[name] = tensor(embeddings!, [paths.length, embeddings!.length / paths.length])
  console.log(`${name}: ${paths.length} recordings in ${((performance.now() - began) / 1000).toFixed(0)} s`)
}
await encoder.close()
writeFileSync(`${out}.part`, writeNpz(arrays))
renameSync(`${out}.part`, out)
