/** Starts the worker that computes. */
export function startWorker(): Worker {
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'playground' })
}

/** Why there is none; null if there is. */
export const missing: string | null = null
