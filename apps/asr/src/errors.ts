import { DspError } from '@dsp/tensor'

export { messageOf, modelError } from '@dsp/onnx'

/** Gives up where the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new DspError('the transcription was given up because its AbortSignal fired', {
      code: 'ERR_DSP_ABORTED',
      cause: signal.reason,
    })
  }
}
