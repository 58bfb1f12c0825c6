import workletUrl from './capture.worklet.ts?worker&url'

/** A microphone that is recording. */
export interface Recording {
  readonly sampleRate: number
  /** Gives blocks of samples, and null at the end. */
  readonly port: MessagePort
  /** Ends the recording. */
  stop(): void
}

/**
 * Asks for the microphone and starts it.
 * @throws Error that says, in words for the page, why there is none.
 */
export async function startMicrophone(onEnded: () => void): Promise<Recording> {
  if (navigator.mediaDevices?.getUserMedia === undefined) {
    throw new Error(
      'The browser gives a page the microphone only over https or on localhost, and this page was loaded in another way.',
    )
  }
  let stream: MediaStream
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      // What improves a call changes the features.
      audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    })
  } catch (error) {
    throw new Error(reason(error as DOMException))
  }
  const context = new AudioContext()
  const release = () => {
    for (const track of stream.getTracks()) track.stop()
    void context.close()
  }
  try {
    await context.audioWorklet.addModule(workletUrl)
    await context.resume()
    const node = new AudioWorkletNode(context, 'capture', { numberOfOutputs: 0 })
    const { port1, port2 } = new MessageChannel()
    node.port.postMessage(port1, [port1])
    context.createMediaStreamSource(stream).connect(node)
    for (const track of stream.getTracks()) track.onended = onEnded
    node.port.onmessage = release
    return { sampleRate: context.sampleRate, port: port2, stop: () => node.port.postMessage('stop') }
  } catch (error) {
    release()
    throw error
  }
}

function reason({ name, message }: DOMException): string {
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'The microphone was refused. Allow it for this page in the browser’s site settings, or open a file instead.'
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'No microphone was found. Connect one, or open a file instead.'
    case 'NotReadableError':
    case 'AbortError':
      return 'The microphone cannot be read: another program may be using it.'
    default:
      return `The microphone cannot be used: ${message}`
  }
}
