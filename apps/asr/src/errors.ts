import { DspError } from '@dsp/tensor'

export { messageOf, modelError } from '@dsp/onnx'

/** Throws where the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new DspError('the operation was aborted', {
      code: 'ERR_DSP_ABORTED',
      cause: signal.reason,
    })
  }
}
