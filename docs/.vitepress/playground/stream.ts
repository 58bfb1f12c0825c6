/** What some samples have completed: columns of each track, which replace those from `from` on, or follow the last one. */
export interface Step {
  readonly columns: readonly Float32Array[]
  readonly from?: number
}

/** A feature of a stream, ready to be drawn. */
export interface FeatureStream {
  accept(samples: Float32Array): Step
  flush(): Step
  /** Frees what the stream holds, where nobody waits for the rest. */
  close(): void
}

/** Ends a stream of the packages, which frees its memory at its end. */
export function endQuietly(...streams: readonly { flush(): unknown }[]): void {
  for (const stream of streams) {
    try {
      stream.flush()
    } catch {
      // One that has ended, or cannot, holds nothing.
    }
  }
}

/** Adds up the time that the packages take, and nothing else. */
export class Clock {
  ms = 0

  run<T>(work: () => T): T {
    const start = performance.now()
    const result = work()
    this.ms += performance.now() - start
    return result
  }
}

/** The samples of pieces, one after another. */
export function concat(pieces: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}
