import { abortable, nodeModule } from '@dsp/signal'
import { assertAttached, DspError, show } from '@dsp/tensor'

/** An audio file at hand: a path, a `file:` URL (as a `URL` or as text), or the file's bytes. */
export type AudioFile = string | URL | Uint8Array | ArrayBuffer

/** Bytes that arrive over time: a Node.js `Readable`, a web `ReadableStream`, or any async iterable of byte arrays. */
export type ByteStream = AsyncIterable<Uint8Array | string> | ReadableStream<Uint8Array>

/** An audio file: a path, a `file:` URL (as a `URL` or as text), its bytes, a `Blob` (a `File`, too), or a stream of its bytes. */
export type AudioInput = AudioFile | Blob | ByteStream

/** An audio file that has to be fetched first. */
type AudioSource = Blob | ByteStream

/** A path or bytes, as the native core takes them. */
export function nativeInput(input: AudioFile): string | Uint8Array {
  if (typeof input === 'string') {
    if (input === '' || input.includes('\0')) throw DspError.argument('input', 'a path that is not empty', input)
    return /^(?:file|https?):\/\//i.test(input) && URL.canParse(input) ? localPath(new URL(input)) : input
  }
  if (input instanceof URL) return localPath(input)
  if (input instanceof ArrayBuffer) return nativeInput(new Uint8Array(input))
  if (ArrayBuffer.isView(input) && input[Symbol.toStringTag] === 'Uint8Array') {
    assertAttached(input, 'input')
    return input
  }
  if (isSource(input)) {
    throw typeError(
      'a path, a file: URL or a Uint8Array',
      input,
      'read it first, or use the function that is not synchronous',
    )
  }
  throw typeError("a path, a file: URL, the file's bytes as Uint8Array, a Blob or a stream of bytes", input)
}

/** Whether an input has to be fetched. */
export function isSource(input: unknown): input is AudioSource {
  return input instanceof Blob || isStream(input)
}

/** Whether an input is a stream. */
function isStream(input: unknown): input is ByteStream {
  return (
    typeof input === 'object' && input !== null && (Symbol.asyncIterator in input || input instanceof ReadableStream)
  )
}

/** All bytes of an input that has to be fetched. */
export async function gather(source: AudioSource, signal: AbortSignal | undefined): Promise<Uint8Array> {
  if (source instanceof Blob) return abortable(signal, () => contents(source))
  const pieces: Uint8Array[] = []
  const stream = piecesOf(source)
  let ended = false
  try {
    for (;;) {
      const piece = await abortable(signal, () => stream.next())
      if (piece.done) break
      pieces.push(asBytes(piece.value))
    }
    ended = true
  } finally {
    if (!ended) leave(stream)
  }
  const bytes = room(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}

async function contents(blob: Blob): Promise<Uint8Array> {
  try {
    return new Uint8Array(await blob.arrayBuffer())
  } catch (cause) {
    throw unreadable(blob, cause)
  }
}

/** The pieces of a Blob. */
export async function* streamOf(blob: Blob): AsyncGenerator<Uint8Array, void, undefined> {
  const pieces = piecesOf(blob.stream())
  let ended = false
  try {
    for (;;) {
      const piece = (await pieces.next()) as IteratorResult<Uint8Array>
      if (piece.done) break
      yield piece.value
    }
    ended = true
  } catch (cause) {
    throw unreadable(blob, cause)
  } finally {
    if (!ended) leave(pieces)
  }
}

/** Browsers read no Blob of 2 GiB as one piece, and no file that has changed since it was chosen. */
function unreadable(blob: Blob, cause: unknown): DspError {
  const isLong = blob.size >= 2 ** 31 - 1
  const advice = isLong ? 'cut it into files of less than 2 GiB' : 'choose it again'
  return new DspError(`the Blob of ${blob.size} bytes cannot be read (${(cause as Error).message}): ${advice}`, {
    code: isLong ? 'ERR_DSP_TOO_LONG' : 'ERR_DSP_IO',
    argument: 'input',
    expected: 'a Blob that can be read',
    actual: `${blob.size} bytes`,
    cause,
  })
}

function room(length: number): Uint8Array {
  try {
    return new Uint8Array(length)
  } catch (cause) {
    throw new DspError(`the input has ${length} bytes, too many for the memory: read it in blocks (readBlocks)`, {
      code: 'ERR_DSP_TOO_LONG',
      argument: 'input',
      expected: 'an input that fits in memory',
      actual: `${length} bytes`,
      cause,
    })
  }
}

/** The pieces of a stream. */
export function piecesOf(stream: ByteStream): AsyncIterator<unknown> {
  try {
    return Symbol.asyncIterator in stream ? stream[Symbol.asyncIterator]() : readerOf(stream)
  } catch {
    throw DspError.argument('input', 'a stream that nobody else reads', stream)
  }
}

/** Safari's streams cannot be iterated. */
function readerOf(stream: ReadableStream<Uint8Array>): AsyncIterator<unknown> {
  const reader = stream.getReader()
  return {
    next: async () => (await reader.read()) as IteratorResult<unknown>,
    return: async () => ({ done: true, value: await reader.cancel() }),
  }
}

/** Tells the source that reading has stopped; not awaited, as a source that hangs would hang this too. */
export function leave(pieces: AsyncIterator<unknown>): void {
  pieces.return?.()?.catch(() => {})
}

/** A piece of a stream, checked. */
export function asBytes(piece: unknown): Uint8Array {
  if (piece instanceof Uint8Array) return piece
  throw new DspError(`input must be a stream of Uint8Array, got ${show(piece)} from it: set no encoding on it`, {
    code: 'ERR_DSP_TYPE',
    argument: 'input',
    expected: 'a stream of Uint8Array',
    actual: show(piece),
  })
}

function localPath(url: URL): string {
  if (url.protocol === 'file:') {
    const { fileURLToPath } = nodeModule<typeof import('node:url')>('node:url')
    try {
      return fileURLToPath(url)
    } catch (cause) {
      throw DspError.argument('input', `the file: URL of a local file (${(cause as Error).message})`, url.href)
    }
  }
  throw new DspError(`input must be a file: URL, got ${show(url.href)}; fetch it and give its bytes`, {
    code: 'ERR_DSP_ARGUMENT',
    argument: 'input',
    expected: 'a file: URL',
    actual: url.href,
  })
}

function typeError(expected: string, input: unknown, advice?: string): DspError {
  const actual = show(input)
  return new DspError(`input must be ${expected}, got ${actual}${advice === undefined ? '' : `: ${advice}`}`, {
    code: 'ERR_DSP_TYPE',
    argument: 'input',
    expected,
    actual,
  })
}
