// Runs on the audio thread: collects what the microphone gives into blocks, and sends them straight to the worker that computes.

declare class AudioWorkletProcessor {
  readonly port: MessagePort
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void

const BLOCK = 2048

class Capture extends AudioWorkletProcessor {
  #target: MessagePort | undefined
  #block = new Float32Array(BLOCK)
  #filled = 0
  #isOpen = true

  constructor() {
    super()
    this.port.onmessage = ({ data }: MessageEvent<MessagePort | 'stop'>) => {
      if (data === 'stop') this.#stop()
      else this.#target = data
    }
  }

  process([input]: Float32Array[][]): boolean {
    const channels = input ?? []
    const length = channels[0]?.length ?? 0
    for (let i = 0; i < length; i++) {
      let sum = 0
      for (const channel of channels) sum += channel[i]!
      this.#block[this.#filled++] = sum / channels.length
      if (this.#filled === BLOCK) this.#send()
    }
    return this.#isOpen
  }

  #send(): void {
    const samples = this.#block.slice(0, this.#filled)
    this.#filled = 0
    this.#target?.postMessage(samples, [samples.buffer])
  }

  #stop(): void {
    this.#isOpen = false
    if (this.#filled > 0) this.#send()
    this.#target?.postMessage(null)
    this.port.postMessage('stopped')
  }
}

registerProcessor('capture', Capture)
