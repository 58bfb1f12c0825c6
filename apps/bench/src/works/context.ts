import type { Group } from '../options.ts'
import type { PeerProcess } from '../peers/process.ts'

/** What the works are built from. */
export interface Context {
  /** Threads that each contestant may use. */
  readonly threads: number
  /** Seconds to which music is cut, whatever length is requested. */
  readonly longest: number
  /** Worker processes that are ended with the run. */
  readonly closing: { close(): void }[]
  /** Folder for inputs that other processes read; removed at the end. */
  readonly folder: string
  /** Model directory of the ASR work. */
  readonly model: string
  /** The Python peers. */
  readonly python: Pick<PeerProcess, 'prepare'>
  /** The Python peers again, with as many threads as they take by themselves. */
  readonly freePython: Pick<PeerProcess, 'prepare'>
  /** The Rust peers. */
  readonly rust: Pick<PeerProcess, 'prepare'>
}

/** How a user gets what npm does not bring. */
export const INSTALL = 'bash apps/bench/install-peers.sh'

/** A group that cannot run here, and why. */
export class Skipped extends Error {
  override readonly name = 'Skipped'
  /**
   * @param group - The group.
   * @param reason - What is missing.
   */
  constructor(
    readonly group: Group,
    reason: string,
  ) {
    super(reason)
  }
}
