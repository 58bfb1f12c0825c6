import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { track } from '../inputs.ts'
import { OURS } from '../ours.ts'
import type { Context } from './context.ts'

/** Most resident memory of a process that calls one function once. */
export interface PeakReport {
  /** What was called, on what. */
  readonly call: string
  /** MiB of ours: with libraries and input loaded, and at most. */
  readonly ours: { readonly before: number; readonly peak: number }
  /** The same of librosa's, where it is installed. */
  readonly librosa?: { readonly before: number; readonly peak: number }
}

const CASES = [
  { name: 'hpss', function: 'effects.hpss', seconds: 240, rate: 22050, options: {} },
  { name: 'hpss', function: 'effects.hpss', seconds: 240, rate: 44100, options: {} },
  { name: 'yin', function: 'yin', seconds: 240, rate: 44100, options: { fmin: 50, fmax: 2000, sr: 44100 } },
  { name: 'chroma_cqt', function: 'feature.chroma_cqt', seconds: 240, rate: 22050, options: { sr: 22050 } },
  { name: 'chroma_stft', function: 'feature.chroma_stft', seconds: 240, rate: 22050, options: { sr: 22050 } },
  { name: 'melspectrogram', function: 'feature.melspectrogram', seconds: 240, rate: 22050, options: { sr: 22050 } },
]

const run = promisify(execFile)

/** Runs each case once in a process of its own, ours and librosa's. */
export async function measurePeaks(
  context: Context,
  python: string,
  tell: (line: string) => void,
): Promise<PeakReport[]> {
  const reports: PeakReport[] = []
  for (const { name, function: called, seconds, rate, options } of CASES) {
    const call = `${OURS[name]!.call.split(',')[0]} of ${seconds} s at ${rate / 1000} kHz`
    tell(`peak memory: ${call}`)
    const { path } = track(context, seconds, rate)
    const child = join(import.meta.dirname, 'peak-child.js')
    const ours = await measured(process.execPath, [child, name, path, String(rate)])
    const script = join(import.meta.dirname, '../peers/python/peak.py')
    const librosa = existsSync(python)
      ? await measured(python, [script, called, path, JSON.stringify(options)]).catch(() => undefined)
      : undefined
    reports.push({ call, ours, ...(librosa && { librosa }) })
  }
  return reports
}

async function measured(program: string, args: readonly string[]): Promise<{ before: number; peak: number }> {
  const names = ['OMP', 'MKL', 'OPENBLAS', 'NUMBA', 'RAYON'].map((library) => `${library}_NUM_THREADS`)
  const env = { ...process.env, ...Object.fromEntries(names.map((name) => [name, '1'])) }
  const { stdout } = await run(program, args, { env })
  return JSON.parse(stdout)
}
