import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { track } from '../inputs.ts'
import { OURS } from '../ours.ts'
import type { Context } from './context.ts'

/** MiB of a process: most before the call, with libraries and input loaded, and most of all. */
export interface Peak {
  readonly before: number
  readonly peak: number
}

/** Most resident memory of processes that call one function once. */
export interface PeakReport {
  /** What was called, on what. */
  readonly call: string
  /** Node.js with our packages. */
  readonly ours: Peak
  /** Python with our module, if it is installed. */
  readonly python?: Peak
  /** Python with librosa, if it is installed. */
  readonly librosa?: Peak
}

const YIN = { fmin: 50, fmax: 2000 }
const CASES = [
  { name: 'hpss', function: 'effects.hpss', seconds: 240, rate: 22050, options: {} },
  { name: 'hpss', function: 'effects.hpss', seconds: 240, rate: 44100, options: {} },
  { name: 'yin', function: 'yin', seconds: 240, rate: 44100, options: { ...YIN, sr: 44100 } },
  { name: 'pyin', function: 'pyin', seconds: 60, rate: 22050, options: { ...YIN, sr: 22050 } },
  { name: 'chroma_cqt', function: 'feature.chroma_cqt', seconds: 240, rate: 22050, options: { sr: 22050 } },
  { name: 'chroma_cqt', function: 'feature.chroma_cqt', seconds: 240, rate: 44100, options: { sr: 44100 } },
  { name: 'chroma_stft', function: 'feature.chroma_stft', seconds: 240, rate: 22050, options: { sr: 22050 } },
  { name: 'melspectrogram', function: 'feature.melspectrogram', seconds: 240, rate: 22050, options: { sr: 22050 } },
]
/** Seconds of the streams, whose memory must not depend on it. */
const STREAMS = [240, 2400]

const run = promisify(execFile)

/** Runs each case once in its own process: ours, ours from Python, and librosa's. */
export async function measurePeaks(
  context: Context,
  python: string,
  log: (line: string) => void,
): Promise<PeakReport[]> {
  const reports: PeakReport[] = []
  const child = join(import.meta.dirname, 'peak-child.js')
  const script = join(import.meta.dirname, '../peers/python/peak.py')
  for (const { name, function: called, seconds, rate, options } of CASES) {
    const call = `${OURS[name]!.call.split(',')[0]} of ${seconds} s at ${rate / 1000} kHz`
    log(`peak memory: ${call}`)
    const { path } = track(context, seconds, rate)
    const ours = await measured(process.execPath, [child, name, path, String(rate)])
    const inPython = async (module: string): Promise<Peak | undefined> =>
      existsSync(python)
        ? await measured(python, [script, module, called, path, JSON.stringify(options)]).catch(() => undefined)
        : undefined
    const own = await inPython('auralis_dsp')
    const librosa = await inPython('librosa')
    reports.push({ call, ours, ...(own && { python: own }), ...(librosa && { librosa }) })
  }
  for (const seconds of STREAMS) {
    const call = `OnlineHpss of ${seconds} s at 44.1 kHz, blocks of 1 s`
    log(`peak memory: ${call}`)
    const { path } = track(context, 240, 44100)
    reports.push({ call, ours: await measured(process.execPath, [child, 'stream', path, String(seconds / 240)]) })
  }
  return reports
}

async function measured(program: string, args: readonly string[]): Promise<Peak> {
  const names = ['OMP', 'MKL', 'OPENBLAS', 'NUMBA', 'RAYON'].map((library) => `${library}_NUM_THREADS`)
  const env = { ...process.env, ...Object.fromEntries(names.map((name) => [name, '1'])) }
  const { stdout } = await run(program, args, { env })
  return JSON.parse(stdout)
}
