import { parentPort } from 'node:worker_threads'
import { messageOf, UsageError } from '../failure.js'
import { named } from '../input.js'
import { type Analysis, analyze, type Plan } from './analysis.js'
import type { Answer } from './pool.js'

/** A job of this thread. */
export interface AnalyzeJob {
  readonly path: string
  readonly plan: Plan
  readonly stamp: string
}

parentPort?.on('message', async ({ path, plan, stamp }: AnalyzeJob) => {
  try {
    const { png, npz, seconds, sampleRate } = await analyze(path, plan, stamp)
    // Buffers of Node's own pool cannot be handed over; copies of pictures are small.
    const result = { png: Uint8Array.from(png), npz, seconds, sampleRate }
    answer({ ok: true, result }, [result.png.buffer, npz.buffer as ArrayBuffer])
  } catch (error) {
    answer({ ok: false, message: messageOf(named(path, error)), isUsage: error instanceof UsageError }, [])
  }
})

function answer(message: Answer<Analysis>, transfer: ArrayBuffer[]): void {
  parentPort!.postMessage(message, transfer)
}
