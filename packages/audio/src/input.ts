import { fileURLToPath } from 'node:url'
import { assertAttached, DspError, show } from '@dsp/tensor'

/** An audio file: a path, a `file:` URL, or the file's bytes. */
export type AudioInput = string | URL | Uint8Array | ArrayBuffer

/** A path or bytes, as the native core takes them. */
export function nativeInput(input: AudioInput): string | Uint8Array {
  if (typeof input === 'string') {
    if (input === '' || input.includes('\0')) throw DspError.argument('input', 'a path that is not empty', input)
    return input
  }
  if (input instanceof URL) {
    if (input.protocol !== 'file:') {
      throw new DspError(`input must be a file: URL, got ${show(input.href)}; fetch it and pass its bytes`, {
        code: 'ERR_DSP_ARGUMENT',
        argument: 'input',
        expected: 'a file: URL',
        actual: input.href,
      })
    }
    return fileURLToPath(input)
  }
  if (input instanceof ArrayBuffer) return nativeInput(new Uint8Array(input))
  if (ArrayBuffer.isView(input) && input[Symbol.toStringTag] === 'Uint8Array') {
    assertAttached(input, 'input')
    return input
  }
  throw new DspError(`input must be a path, a file: URL or the file's bytes as Uint8Array, got ${show(input)}`, {
    code: 'ERR_DSP_TYPE',
    argument: 'input',
    expected: 'a path, a file: URL or a Uint8Array',
    actual: show(input),
  })
}
