import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { DspError } from '@dsp/tensor'

/** How long the process may take for what is no run, and beyond a run's own limit. */
const GRACE_MS = 10_000
const MAX_ANSWER = 256 << 20
const MAX_STDERR = 4096

interface Waiting {
  readonly resolve: (answer: Buffer) => void
  readonly reject: (error: DspError) => void
}

/** An error of the device; its process's own words are in the message. */
export function deviceError(message: string, code: 'ERR_DSP_DEVICE' | 'ERR_DSP_TIMEOUT' = 'ERR_DSP_DEVICE'): DspError {
  return new DspError(message, { code, argument: 'device' })
}

/** A number of 32 bits. */
export function number(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

/** A text after its length. */
export function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([number(bytes.length), bytes])
}

/** Reads numbers and texts of an answer. */
export class Answer {
  #at = 0
  constructor(readonly bytes: Buffer) {}

  number(): number {
    if (this.#at + 4 > this.bytes.length) throw deviceError('dsp-xrt-host gave an answer that is cut')
    this.#at += 4
    return this.bytes.readUInt32LE(this.#at - 4)
  }

  text(): string {
    const size = this.number()
    if (this.#at + size > this.bytes.length) throw deviceError('dsp-xrt-host gave an answer that is cut')
    this.#at += size
    return this.bytes.toString('utf8', this.#at - size, this.#at)
  }
}

/** dsp-xrt-host at the other end of two pipes (native/aie/xrt/PROTOCOL.md): one request at a time. */
export class XrtProcess {
  readonly #child: ChildProcessWithoutNullStreams
  #received = Buffer.alloc(0)
  #stderr = ''
  #waiting: Waiting | undefined
  #dead: DspError | undefined

  /** @param command - The executable and its arguments. */
  constructor(command: readonly [string, ...string[]], env: NodeJS.ProcessEnv = process.env) {
    const [file, ...args] = command
    this.#child = spawn(file, args, { env, stdio: 'pipe' })
    this.#child.on('error', (error) => this.#die(`cannot be started: ${error.message}`))
    this.#child.on('close', (code, signal) =>
      this.#die(signal === null ? `ended with code ${code}` : `was ended by ${signal}`),
    )
    // Writing to a process that has died; its end says more.
    this.#child.stdin.on('error', () => {})
    this.#child.stderr.setEncoding('utf8').on('data', (part: string) => {
      this.#stderr = (this.#stderr + part).slice(-MAX_STDERR)
    })
    this.#child.stdout.on('data', (part: Buffer) => this.#receive(part))
  }

  /**
   * Sends a request and waits for its answer.
   * @throws DspError `ERR_DSP_DEVICE` where the device or the process failed, `ERR_DSP_TIMEOUT` where no answer came.
   */
  async request(kind: string, payload: readonly Uint8Array[] = [], limitMs = 0, signal?: AbortSignal): Promise<Answer> {
    if (this.#dead) throw this.#dead
    const body = Buffer.concat([Buffer.from(kind), ...payload])
    let timer: NodeJS.Timeout | undefined
    const kill = () => this.#kill('the run was aborted')
    try {
      const answer = await new Promise<Buffer>((resolve, reject) => {
        this.#waiting = { resolve, reject }
        const late = () => this.#kill(`gave no answer within ${limitMs + GRACE_MS} ms`, 'ERR_DSP_TIMEOUT')
        timer = setTimeout(late, limitMs + GRACE_MS)
        signal?.addEventListener('abort', kill, { once: true })
        this.#child.stdin.write(Buffer.concat([number(body.length), body]))
      })
      if (answer[0] === 0x4b) return new Answer(answer.subarray(1))
      const failure = new Answer(answer.subarray(1))
      throw this.#failure(failure.text(), failure.text(), limitMs)
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', kill)
      this.#waiting = undefined
    }
  }

  /** Ends the process, in order if it still answers. */
  async close(): Promise<void> {
    if (this.#dead) return
    const ended = new Promise<void>((resolve) => this.#child.once('close', () => resolve()))
    await this.request('Q').catch(() => this.#child.kill('SIGKILL'))
    this.#child.stdin.end()
    await ended
  }

  #failure(step: string, words: string, limitMs: number): DspError {
    if (step === 'state' && words === '8') {
      return deviceError(
        `the run did not end within ${limitMs} ms; load the design again before the next one`,
        'ERR_DSP_TIMEOUT',
      )
    }
    const state = step === 'state' ? `the command ended in state ${words}` : words.trim()
    return deviceError(`the NPU failed at the step "${step}": ${state}${this.#said()}`)
  }

  #said(): string {
    const said = this.#stderr.trim()
    return said === '' ? '' : `; it wrote: ${said}`
  }

  #kill(what: string, code?: 'ERR_DSP_TIMEOUT'): void {
    this.#die(what, code)
    this.#child.kill('SIGKILL')
  }

  #die(what: string, code?: 'ERR_DSP_TIMEOUT'): void {
    this.#dead ??= deviceError(`dsp-xrt-host ${what}${this.#said()}; open the device again`, code)
    this.#waiting?.reject(this.#dead)
  }

  #receive(part: Buffer): void {
    this.#received = Buffer.concat([this.#received, part])
    if (this.#received.length < 4) return
    const size = this.#received.readUInt32LE(0)
    if (size === 0 || size > MAX_ANSWER) {
      this.#kill('gave an answer of an impossible length')
      return
    }
    if (this.#received.length < 4 + size) return
    const answer = this.#received.subarray(4, 4 + size)
    this.#received = this.#received.subarray(4 + size)
    this.#waiting?.resolve(answer)
  }
}
