import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeWav } from '@dsp/audio'
import { tensor } from '@dsp/tensor'
import { noise, sine } from '@dsp/tensor/testing'
import { afterAll } from 'vitest'

const command = fileURLToPath(new URL('../bin/dsp.js', import.meta.url))

/** What a command left behind. */
export interface Outcome {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the built command in a folder. */
export function dsp(cwd: string, args: readonly string[], interruptAfter?: number): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [command, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString()
    })
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString()
    })
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
    if (interruptAfter !== undefined) setTimeout(() => child.kill('SIGINT'), interruptAfter)
  })
}

/** A folder for one test file, removed at its end. */
export function scratch(): {
  readonly path: string
  readonly in: (name: string) => string
  readonly list: (folder?: string) => string[]
} {
  const path = mkdtempSync(join(tmpdir(), 'dsp-cli-'))
  afterAll(() => rmSync(path, { recursive: true, force: true }))
  return { path, in: (name) => join(path, name), list: (folder = '.') => readdirSync(join(path, folder)).sort() }
}

/** A tone in noise, in [-1, 1]. */
export function tone(seconds: number, rate = 16000, frequency = 440): Float32Array {
  const length = Math.round(seconds * rate)
  const hiss = noise(length, 5, 0.01)
  return sine(length, frequency, rate, 0.3).map((x, i) => x + hiss[i]!)
}

/** The bytes of a float32 WAV file; several channels of equal length. */
export function wav(channels: readonly Float32Array[], sampleRate = 16000): Uint8Array {
  const length = channels[0]!.length
  const all = new Float32Array(channels.length * length)
  for (const [i, samples] of channels.entries()) all.set(samples, i * length)
  const shape = channels.length === 1 ? [length] : [channels.length, length]
  return writeWav({ samples: tensor(all, shape), sampleRate })
}
