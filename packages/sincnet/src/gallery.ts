import { NearestIndex } from '@dsp/native'
import { DspError, guard, tensor } from '@dsp/tensor'
import type { Embedding } from './encoder.js'
import { readGallery, writeGallery } from './gallery-file.js'
import { unitVector } from './verify.js'

/** One of the best matches of a search. */
export interface Match {
  /** The name under which the embedding was added. */
  readonly name: string
  /** Cosine with the query, -1 to 1. */
  readonly score: number
}

/** The longest name in bytes of UTF-8. */
const MAX_NAME = 1024
/** A byte order mark is part of a name. */
const KEEP_MARK = { ignoreBOM: true }

/**
 * Embeddings of one model by name, for finding whose voice is in a recording. The search is exact: it reads 8-bit codes with a
 * bound on their error, and scores again whatever the bound cannot rule out. An entry of 512 dimensions takes 2.6 KB of memory.
 *
 * @example
 * ```ts
 * import { Gallery } from '@dsp/sincnet'
 * import { tensor } from '@dsp/tensor'
 * const voice = (...values: number[]) => ({ vector: tensor(Float32Array.from(values)), model: 'm' })
 * const gallery = new Gallery('m', 2)
 * gallery.add('ada', voice(1, 0))
 * gallery.add('bob', voice(0, 1))
 * gallery.search(voice(0.6, 0.8), 1)[0].name // => 'bob'
 * await gallery.save('voices.gallery')
 * gallery.close()
 * const again = await Gallery.load('voices.gallery', 'm')
 * again.names // => ['ada', 'bob']
 * again.close()
 * ```
 */
export class Gallery {
  /** {@link SpeakerModel.identity} of the model that made the embeddings. */
  readonly model: string
  /** Dimensions of the embeddings. */
  readonly dimensions: number
  readonly #index: NearestIndex
  readonly #names: string[] = []
  readonly #positions = new Map<string, number>()
  /** Writes in progress, during which entries must not change. */
  #writes = 0

  /**
   * An empty gallery.
   * @param model - The identity of the model: `encoder.model.identity`.
   * @param dimensions - Dimensions of its embeddings, 1 to 2048. Default 512.
   * @throws DspError `ERR_DSP_ARGUMENT`.
   */
  constructor(model: string, dimensions = 512) {
    if (typeof model !== 'string' || model === '') throw DspError.argument('model', "a model's identity", model)
    if (!Number.isInteger(dimensions)) throw DspError.argument('dimensions', 'a whole number', dimensions)
    this.model = model
    this.dimensions = dimensions
    this.#index = guard(() => new NearestIndex(dimensions))
  }

  /** Number of entries. */
  get size(): number {
    return this.#names.length
  }

  /** Names of the entries, in no particular order once one has been removed. */
  get names(): readonly string[] {
    return [...this.#names]
  }

  /** Bytes of native memory that the embeddings take. */
  get bytes(): number {
    return this.#index.bytes
  }

  /** Whether there is an entry with this name. */
  has(name: string): boolean {
    return this.#positions.has(name)
  }

  /**
   * Adds an entry.
   * @param name - Its name, which must be new.
   * @param embedding - An embedding of the gallery's model: of one recording, or of several by `enroll`.
   * @throws DspError `ERR_DSP_MODEL` for an embedding of another model, `ERR_DSP_SHAPE` for other dimensions, `ERR_DSP_ARGUMENT` for a
   *   name that is taken, empty or longer than 1024 bytes, and while {@link Gallery.save} is running.
   */
  add(name: string, embedding: Embedding): void {
    this.#checkUnchanged()
    this.#checkName(name)
    const vector = Float32Array.from(this.#vector(embedding, 'embedding'))
    guard(() => this.#index.add(vector))
    this.#push(name)
  }

  /**
   * Removes an entry.
   * @param name - Its name.
   * @throws DspError `ERR_DSP_ARGUMENT` if there is no such entry, and while {@link Gallery.save} is running.
   */
  remove(name: string): void {
    this.#checkUnchanged()
    const at = this.#positions.get(name)
    if (at === undefined) throw DspError.argument('name', 'the name of an entry', name)
    guard(() => this.#index.remove(at))
    const last = this.#names.pop()!
    this.#positions.delete(name)
    if (at < this.#names.length) {
      this.#names[at] = last
      this.#positions.set(last, at)
    }
  }

  /**
   * The embedding of an entry.
   * @param name - Its name.
   * @throws DspError `ERR_DSP_ARGUMENT` if there is no such entry.
   */
  get(name: string): Embedding {
    const at = this.#positions.get(name)
    if (at === undefined) throw DspError.argument('name', 'the name of an entry', name)
    return { vector: tensor(guard(() => this.#index.rows(at, 1))), model: this.model }
  }

  /**
   * The most similar entries, the best first: exactly those that scoring every entry would find.
   * @param query - An embedding of the gallery's model.
   * @param k - Number of entries, at least 1; all if there are fewer. Default 1.
   * @throws DspError as {@link Gallery.add} does.
   */
  search(query: Embedding, k = 1): Match[] {
    return this.searchBatch([query], k)[0]!
  }

  /**
   * {@link Gallery.search} for many queries in one pass over the gallery, which is faster than one at a time.
   * @param queries - Embeddings of the gallery's model.
   * @param k - Number of entries per query. Default 1.
   * @returns One list per query, in order.
   * @throws DspError as {@link Gallery.add} does; its argument names the query's index.
   */
  searchBatch(queries: readonly Embedding[], k = 1): Match[][] {
    if (!Array.isArray(queries)) throw DspError.argument('queries', 'a list of embeddings', queries)
    if (!Number.isInteger(k) || k < 1) throw DspError.argument('k', 'a whole number of at least 1', k)
    const all = new Float32Array(queries.length * this.dimensions)
    for (const [i, query] of queries.entries()) all.set(this.#vector(query, `queries[${i}]`), i * this.dimensions)
    const arrays = guard(() => this.#index.search(all, k))
    return queries.map((_, i) => {
      const [indices, scores] = [arrays[2 * i]!, arrays[2 * i + 1]!]
      return Array.from(indices, (index, rank) => ({ name: this.#names[index]!, score: scores[rank]! }))
    })
  }

  /**
   * Writes the gallery to a file, which appears only once it is complete.
   * @param path - The file.
   * @throws DspError `ERR_DSP_IO` if it cannot be written; an existing file is then unchanged.
   */
  async save(path: string): Promise<void> {
    const { model, dimensions } = this
    const names = [...this.#names]
    const rows = (first: number, count: number) => guard(() => this.#index.rows(first, count))
    this.#writes++
    try {
      await writeGallery(path, { model, dimensions, names }, rows)
    } finally {
      this.#writes--
    }
  }

  /**
   * Reads a gallery.
   * @param path - A file that {@link Gallery.save} wrote.
   * @param model - The identity of the model in use. Default: accept a gallery of any model.
   * @throws DspError `ERR_DSP_IO` if it cannot be read, `ERR_DSP_FORMAT` if it is not a gallery, truncated or altered,
   *   `ERR_DSP_MODEL` for a gallery of another model.
   */
  static async load(path: string, model?: string): Promise<Gallery> {
    let gallery: Gallery | undefined
    try {
      await readGallery(path, {
        header: (header) => {
          if (model !== undefined && header.model !== model) throw otherModel(path, model, header.model)
          gallery = new Gallery(header.model, header.dimensions)
        },
        rows: (rows) => guard(() => gallery!.#index.add(rows)),
        names: (names) => {
          for (const name of names) {
            gallery!.#checkName(name)
            gallery!.#push(name)
          }
        },
      })
    } catch (error) {
      gallery?.close()
      throw error
    }
    return gallery!
  }

  /** Frees the memory. The gallery must not be used afterwards. */
  close(): void {
    this.#index.close()
  }

  #checkUnchanged(): void {
    if (this.#writes > 0) throw DspError.argument('the gallery', 'changed after save() is done', 'a change before')
  }

  #push(name: string): void {
    this.#positions.set(name, this.#names.length)
    this.#names.push(name)
  }

  #checkName(name: string): void {
    const bytes = new TextEncoder().encode(typeof name === 'string' ? name : '')
    // Half a character would not come back from a file.
    const isText =
      bytes.length > 0 && bytes.length <= MAX_NAME && new TextDecoder('utf-8', KEEP_MARK).decode(bytes) === name
    if (!isText) throw DspError.argument('name', `text of 1 to ${MAX_NAME} bytes`, name)
    if (this.has(name)) throw DspError.argument('name', 'a new name (remove the entry first)', name)
  }

  #vector(embedding: Embedding, name: string): Float64Array {
    return unitVector(embedding, name, { model: this.model, vector: { shape: [this.dimensions] } })
  }
}

function otherModel(path: string, model: string, actual: string): DspError {
  const message = `${path} holds embeddings of another model: enrol its speakers again with the one in use`
  return new DspError(message, { code: 'ERR_DSP_MODEL', argument: path, expected: model, actual })
}
