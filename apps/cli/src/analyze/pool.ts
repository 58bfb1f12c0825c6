import { Worker } from 'node:worker_threads'
import { ReportedError, UsageError } from '../failure.js'

/** What a worker answers. */
export type Answer<R> =
  | { readonly ok: true; readonly result: R }
  | { readonly ok: false; readonly message: string; readonly isUsage: boolean }

/** Threads that do one job at a time each. A thread that dies fails its job only: another one takes its place. */
export class WorkerPool<Job, Result> {
  private readonly idle: Worker[] = []

  /**
   * Makes an empty pool; threads begin when they are needed.
   * @param script - The program of the threads: it answers every message, a job, with an {@link Answer}.
   */
  constructor(private readonly script: URL) {}

  /**
   * Does a job on a thread.
   * @throws ReportedError with the message that the thread answered, UsageError where an option was wrong.
   */
  run(job: Job): Promise<Result> {
    const worker = this.idle.pop() ?? new Worker(this.script)
    return new Promise((resolve, reject) => {
      const settle = () => {
        worker.off('message', answered).off('error', failed).off('exit', ended)
      }
      const answered = (answer: Answer<Result>) => {
        settle()
        this.idle.push(worker)
        if (answer.ok) resolve(answer.result)
        else reject(answer.isUsage ? new UsageError(answer.message) : new ReportedError(answer.message))
      }
      const failed = (error: Error) => {
        settle()
        reject(error)
      }
      const ended = (code: number) => {
        settle()
        reject(new ReportedError(`the worker thread ended with code ${code}`))
      }
      worker.on('message', answered).on('error', failed).on('exit', ended)
      worker.postMessage(job)
    })
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await Promise.all(this.idle.splice(0).map((worker) => worker.terminate()))
  }
}

/**
 * Does something with every item, a bounded number of them at a time, in order.
 * @param items - The items.
 * @param width - How many at a time.
 * @param work - What to do; it must not throw.
 */
export async function eachBounded<T>(
  items: Iterable<T>,
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]()
  const lane = async () => {
    for (let next = queue.next(); !next.done; next = queue.next()) await work(next.value)
  }
  await Promise.all(Array.from({ length: width }, lane))
}
