import { DspError } from '@dsp/tensor'

/**
 * The error that a promise is rejected with, which must be a DspError.
 * @param call - Makes the promise.
 */
export async function errorOfAsync(call: () => Promise<unknown>): Promise<DspError> {
  try {
    await call()
  } catch (error) {
    if (error instanceof DspError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
