/**
 * The directory of a CTranslate2 `model.bin` (format version 6, WhisperSpec): which variable lies where. The weights themselves are not
 * read: ONNX Runtime maps them from the file. See CTranslate2's `python/ctranslate2/specs/model_spec.py`, `_serialize`.
 */
import { type FileHandle, open, stat } from 'node:fs/promises'
import { messageOf, modelError } from '@dsp/onnx'
import type { DspError } from '@dsp/tensor'

/** One variable of the file. */
export interface Variable {
  /** Length of each axis; empty for a scalar. */
  readonly shape: readonly number[]
  /** Element type. */
  readonly type: 'float32' | 'int8' | 'int16' | 'int32' | 'float16' | 'bfloat16'
  /** Position of the first byte in the file. */
  readonly offset: number
  /** Number of bytes. */
  readonly length: number
  /** The value of a scalar that is an integer. */
  readonly value: number | undefined
}

const TYPES = ['float32', 'int8', 'int16', 'int32', 'float16', 'bfloat16'] as const
const BYTES = [4, 1, 2, 4, 2, 2]
const VERSION = 6
/** A name, its length, the axes and the type together: no variable of a Transformer needs more. */
const MAX_HEAD = 4096
const MAX_VARIABLES = 100_000
const MAX_AXES = 8

/**
 * Reads where the variables of a model lie.
 * @param path - Path of the `model.bin`.
 * @returns The variables by name; aliases are resolved.
 * @throws DspError `ERR_DSP_MODEL` if the file cannot be read, is cut, has bytes left over, or is not a Whisper model of
 *   CTranslate2.
 */
export async function readVariables(path: string): Promise<Map<string, Variable>> {
  const failed = (error: unknown) =>
    modelError(`cannot open the model file ${path}: ${messageOf(error)}`, path, 'a readable file', 'none', error)
  const info = await stat(path).catch((error: unknown) => {
    throw failed(error)
  })
  if (!info.isFile())
    throw modelError(`${path} is not a file`, path, 'a model.bin of CTranslate2', 'a folder or device')
  const file = await open(path, 'r').catch((error: unknown) => {
    throw failed(error)
  })
  try {
    return await parse(new Reader(file, path, info.size))
  } finally {
    await file.close()
  }
}

async function parse(reader: Reader): Promise<Map<string, Variable>> {
  const { path } = reader
  await reader.fill()
  const version = reader.number(4)
  if (version !== VERSION) {
    throw notWhisper(path, `its first number is ${version}, where model.bin has its version, ${VERSION}`)
  }
  const spec = reader.text()
  if (spec !== 'WhisperSpec') throw notWhisper(path, `it is a ${spec || 'model of another kind'}`)
  reader.number(4)
  const count = reader.number(4)
  if (count > MAX_VARIABLES) throw notWhisper(path, `it declares ${count} variables`)
  const variables = new Map<string, Variable>()
  for (let i = 0; i < count; i++) {
    await reader.fill()
    const name = reader.text()
    const axes = reader.number(1)
    if (axes > MAX_AXES) throw notWhisper(path, `${name} has ${axes} axes`)
    const shape = Array.from({ length: axes }, () => reader.number(4))
    const code = reader.number(1)
    const length = reader.number(4)
    const type = TYPES[code]
    if (type === undefined) throw notWhisper(path, `${name} has the unknown element type ${code}`)
    const expected = shape.reduce((product, axis) => product * axis, BYTES[code]!)
    if (length !== expected) {
      throw notWhisper(path, `${name} of shape [${shape.join(', ')}] has ${length} bytes instead of ${expected}`)
    }
    const value = axes === 0 && type.startsWith('int') ? reader.peek(length) : undefined
    variables.set(name, { shape, type, offset: reader.position, length, value })
    reader.skip(length)
  }
  await reader.fill()
  const aliases = reader.number(4)
  if (aliases > count) throw notWhisper(path, `it declares ${aliases} aliases`)
  for (let i = 0; i < aliases; i++) {
    await reader.fill()
    const [name, target] = [reader.text(), reader.text()]
    const variable = variables.get(target)
    if (variable === undefined) throw notWhisper(path, `${name} stands for ${target}, which it has not`)
    variables.set(name, variable)
  }
  if (reader.position !== reader.size) {
    throw modelError(
      `${path} has ${reader.size - reader.position} bytes after the end of the model: copy or download it again`,
      path,
      `${reader.position} bytes`,
      `${reader.size} bytes`,
    )
  }
  return variables
}

/** Small numbers and names, read from a file of any size in small pieces. */
class Reader {
  position = 0
  private window = new DataView(new ArrayBuffer(0))
  private start = 0

  constructor(
    private readonly file: FileHandle,
    readonly path: string,
    readonly size: number,
  ) {}

  /** Reads what the next variable's head may take. */
  async fill(): Promise<void> {
    const bytes = new Uint8Array(Math.max(0, Math.min(MAX_HEAD, this.size - this.position)))
    const { bytesRead } = await this.file.read(bytes, 0, bytes.length, this.position)
    this.window = new DataView(bytes.buffer, 0, bytesRead)
    this.start = this.position
  }

  number(bytes: 1 | 2 | 4): number {
    const at = this.take(bytes)
    if (bytes === 4) return this.window.getUint32(at, true)
    return bytes === 2 ? this.window.getUint16(at, true) : this.window.getUint8(at)
  }

  /** A length, which counts the zero at the end, and the characters. */
  text(): string {
    const length = this.number(2)
    const at = this.take(length)
    const bytes = new Uint8Array(this.window.buffer, at, Math.max(0, length - 1))
    return new TextDecoder().decode(bytes)
  }

  /** The next 1, 2 or 4 bytes as a signed number, without moving on. */
  peek(bytes: number): number {
    const at = this.position - this.start
    if (at + bytes > this.window.byteLength) throw this.cut()
    if (bytes === 4) return this.window.getInt32(at, true)
    return bytes === 2 ? this.window.getInt16(at, true) : this.window.getInt8(at)
  }

  skip(bytes: number): void {
    this.position += bytes
    if (this.position > this.size) throw this.cut()
  }

  private take(bytes: number): number {
    const at = this.position - this.start
    if (at + bytes > this.window.byteLength) {
      if (this.position + bytes <= this.size) throw notWhisper(this.path, 'it holds a name of thousands of characters')
      throw this.cut()
    }
    this.position += bytes
    return at
  }

  private cut(): DspError {
    return modelError(
      `the model file ${this.path} ends too early, after ${this.size} bytes: copy or download it again`,
      this.path,
      'a whole file',
      `${this.size} bytes`,
    )
  }
}

function notWhisper(path: string, why: string): DspError {
  return modelError(
    `${path} is not a Whisper model of CTranslate2: ${why}`,
    path,
    'a model.bin of faster-whisper (format version 6)',
    why,
  )
}
