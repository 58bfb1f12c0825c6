import { DspError } from '../errors.js'

/**
 * The error that a call throws, which must be a DspError.
 * @param call - The call.
 * @throws Whatever else the call throws, and an `Error` if it throws nothing.
 */
export function errorOf(call: () => unknown): DspError {
  try {
    call()
  } catch (error) {
    if (error instanceof DspError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
