/** Plays samples; one sound at a time. */
export class Player {
  #context: AudioContext | undefined
  #source: AudioBufferSourceNode | undefined
  #started = 0

  /**
   * Plays a sound from its start.
   * @param samples - One channel.
   * @param sampleRate - In Hz.
   * @param onEnded - Called at its end, not where it is stopped.
   */
  async play(samples: Float32Array, sampleRate: number, onEnded: () => void): Promise<void> {
    this.stop()
    this.#context ??= new AudioContext()
    const context = this.#context
    await context.resume()
    const buffer = context.createBuffer(1, Math.max(1, samples.length), sampleRate)
    buffer.copyToChannel(samples as Float32Array<ArrayBuffer>, 0)
    const source = context.createBufferSource()
    source.buffer = buffer
    source.connect(context.destination)
    source.onended = () => {
      if (this.#source !== source) return
      this.#source = undefined
      onEnded()
    }
    this.#source = source
    this.#started = context.currentTime
    source.start()
  }

  /** Seconds into the sound; null if none is playing. */
  get position(): number | null {
    return this.#source === undefined || this.#context === undefined ? null : this.#context.currentTime - this.#started
  }

  stop(): void {
    const source = this.#source
    this.#source = undefined
    source?.stop()
  }

  close(): void {
    this.stop()
    void this.#context?.close()
    this.#context = undefined
  }
}
