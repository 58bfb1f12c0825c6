import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Absent, type Ready, type Result, type Taken } from '../contestant.ts'

/** What a peer is given to work on. */
export interface Task {
  /** Name of the peer in the worker, e.g. `fbank:torchaudio`. */
  readonly peer: string
  /** Options and names of input files; the worker's own matter. */
  readonly params: Record<string, unknown>
}

/** Answer to `prepare`: where the result lies, or why there is none. */
interface Prepared {
  readonly handle: number
  readonly version: string
  readonly shape: number[]
  readonly dtype: 'float32' | 'float64'
  readonly path?: string
  readonly texts?: string[]
  readonly firstNs?: number
}

/**
 * A worker process that holds peers of another language. It reads requests as lines of JSON on its standard input and
 * answers each with a line: `prepare` loads a peer and writes its result to a file, `run` times some iterations, `drop`
 * forgets. Between requests it waits and uses no processor.
 */
export class PeerProcess {
  private child: ChildProcessWithoutNullStreams | undefined
  private answers: AsyncIterator<string> | undefined
  private errors = ''

  /**
   * @param command - Program and its arguments.
   * @param folder - Where results are written; must exist.
   * @param threads - Threads that each peer may use; undefined leaves it to them.
   */
  constructor(
    private readonly command: readonly string[],
    private readonly folder: string,
    private readonly threads: number | undefined,
  ) {}

  /** Loads a peer and lets it work once. Throws {@link Absent} where its library is not installed. */
  async prepare(task: Task): Promise<Ready> {
    const answer = await this.ask<Prepared>({ op: 'prepare', ...task, folder: this.folder, threads: this.threads })
    const { handle } = answer
    return {
      version: answer.version,
      result: readResult(answer),
      ...(answer.firstNs !== undefined && { firstNs: answer.firstNs }),
      run: (iterations) => this.ask<Taken>({ op: 'run', handle, iterations }),
      release: async () => {
        await this.ask({ op: 'drop', handle })
      },
    }
  }

  /** Ends the worker, if it ever began. */
  close(): void {
    this.child?.stdin.end()
    this.child = undefined
  }

  private start(): AsyncIterator<string> {
    const env = { ...process.env }
    for (const library of ['OMP', 'MKL', 'OPENBLAS', 'NUMBA', 'RAYON']) {
      const name = `${library}_NUM_THREADS`
      if (this.threads === undefined) delete env[name]
      else env[name] = String(this.threads)
    }
    const [program, ...args] = this.command
    const child = spawn(program!, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
    this.child = child
    child.on('error', (error) => {
      this.errors = String(error)
    })
    child.stdin.on('error', () => {}) // The missing answer below says what happened.
    child.stderr.on('data', (chunk: Buffer) => {
      this.errors = (this.errors + chunk.toString()).slice(-2000)
    })
    this.answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    return this.answers
  }

  private async ask<T>(request: object): Promise<T> {
    const answers = this.answers ?? this.start()
    this.child?.stdin.write(`${JSON.stringify(request)}\n`)
    const { value, done } = await answers.next()
    if (done === true) throw new Error(`${this.command[0]} ended without an answer. ${this.errors}`.trim())
    const answer = JSON.parse(value)
    if (answer.absent !== undefined) throw new Absent(answer.absent)
    if (answer.error !== undefined) throw new Error(answer.error)
    return answer
  }
}

function readResult({ shape, dtype, path, texts }: Prepared): Result {
  if (path === undefined) return { shape, data: new Float32Array(0), ...(texts && { texts }) }
  const bytes = readFileSync(path)
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)
  return { shape, data: dtype === 'float32' ? new Float32Array(buffer) : new Float64Array(buffer) }
}

/** Stands in for a worker that is not installed: every peer of it is absent. */
export function absentProcess(why: string): Pick<PeerProcess, 'prepare' | 'close'> {
  return {
    prepare: () => Promise.reject(new Absent(why)),
    close: () => {},
  }
}
