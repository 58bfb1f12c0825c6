import { Gallery } from '@dsp/sincnet'
import { tensor } from '@dsp/tensor'
import { maxAbs, TOLERANCES } from '../agreement.ts'
import type { Work } from '../contestant.ts'
import { share } from '../inputs.ts'
import { inProcess } from '../peers/in-process.ts'
import { version } from '../version.ts'
import { type Context, INSTALL } from './context.ts'

const WIDTH = 512
/** Voices that a search gives. */
const BEST = 10
const MODEL = 'random'

/** The search of a million voices for the best of each query, on one core. */
export function galleryWorks(context: Context): Work[] {
  const voices = Number.isFinite(context.longest) ? 10_000 : 1_000_000
  let made: Voices | undefined
  const once = () => {
    made ??= makeVoices(context, voices)
    return made
  }
  context.closing.push({ close: () => made?.gallery.close() })
  return [1, 32].map((queries) => galleryWork(context, voices, queries, once))
}

interface Voices {
  readonly gallery: Gallery
  /** File of all vectors. */
  readonly path: string
  /** 32 queries. */
  readonly queries: Float32Array
}

function galleryWork(context: Context, voices: number, queries: number, made: () => Voices): Work {
  return {
    id: `gallery-${queries}`,
    title: `The ${BEST} nearest of ${voices.toLocaleString('en')} voices, ${queries === 1 ? 'one query' : `${queries} queries`} at a time`,
    detail: `Random directions of ${WIDTH} dimensions; a query is one of them with noise, at a cosine of about 0.7. Both searches are exact; ours is on one thread.`,
    units: queries,
    unit: 'query',
    ours: {
      name: '@dsp/sincnet',
      call: queries === 1 ? 'Gallery.search' : 'Gallery.searchBatch',
      async prepare() {
        const { gallery, queries: all } = made()
        const embeddings = Array.from({ length: queries }, (_, i) => {
          return { vector: tensor(all.slice(i * WIDTH, (i + 1) * WIDTH)), model: MODEL }
        })
        return inProcess(
          version('sincnet'),
          () => gallery.searchBatch(embeddings, BEST),
          (matches) => {
            const data = Float32Array.from(matches.flatMap((best) => best.map(({ score }) => score)))
            return { shape: [queries, BEST], data }
          },
        )
      },
    },
    peers: [
      {
        name: 'numpy',
        call: 'matmul, argpartition',
        install: INSTALL,
        prepare: () => {
          const { path, queries: all } = made()
          const given = share(context, `queries-${queries}`, all.slice(0, queries * WIDTH)).path
          const params = { gallery: path, queries: given, width: WIDTH, k: BEST }
          return context.python.prepare({ peer: 'gallery:numpy', params })
        },
      },
    ],
    agree: maxAbs(TOLERANCES.score),
    goals: [{ peer: 'numpy', ratio: 1 }],
  }
}

function makeVoices(context: Context, count: number): Voices {
  const random = xorshift(7)
  const fill = (vector: Float32Array, amount = 1, onto?: Float32Array) => {
    for (let i = 0; i < WIDTH; i++) vector[i] = random() * amount + (onto === undefined ? 0 : onto[i]!)
    let power = 0
    for (let i = 0; i < WIDTH; i++) power += vector[i]! ** 2
    const scale = 1 / Math.sqrt(power)
    for (let i = 0; i < WIDTH; i++) vector[i] = vector[i]! * scale
  }
  const all = new Float32Array(count * WIDTH)
  const gallery = new Gallery(MODEL, WIDTH)
  for (let voice = 0; voice < count; voice++) {
    const vector = all.subarray(voice * WIDTH, (voice + 1) * WIDTH)
    fill(vector)
    gallery.add(String(voice), { vector: tensor(vector), model: MODEL })
  }
  const queries = new Float32Array(32 * WIDTH)
  for (let i = 0; i < 32; i++) {
    const voice = Math.floor((i * count) / 32)
    // noise as strong as the voice: uniform numbers have a standard deviation of 1 / sqrt(3)
    const noise = Math.sqrt(3 / WIDTH)
    fill(queries.subarray(i * WIDTH, (i + 1) * WIDTH), noise, all.subarray(voice * WIDTH, (voice + 1) * WIDTH))
  }
  return { gallery, path: share(context, 'gallery', all).path, queries }
}

/** Uniform numbers from -1 to 1, the same in every run. */
function xorshift(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state / 2 ** 31
  }
}
