import { rm, stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { basename, dirname } from 'node:path'
import { type Command, Option } from 'commander'
import type { Analysis, Plan } from '../analyze/analysis.js'
import { eachBounded, WorkerPool } from '../analyze/pool.js'
import { isFinished } from '../analyze/resume.js'
import { findTracks, type Track } from '../analyze/tracks.js'
import type { AnalyzeJob } from '../analyze/worker.js'
import { exitCodeOf, exitCodes, messageOf, UsageError } from '../failure.js'
import { named } from '../input.js'
import type { Settings } from '../kinds/kind.js'
import { parseSettings } from '../kinds/settings.js'
import { assertFolder, makeFolder, writeWhole } from '../output.js'
import { fileProgress } from '../progress.js'
import { collect, hertz, pixels, positiveInteger } from './arguments.js'

interface Flags {
  readonly outDir: string
  readonly pitch: 'yin' | 'pyin'
  readonly set: readonly string[]
  readonly rate?: number
  readonly jobs?: number
  readonly audio: boolean
  readonly force?: boolean
  readonly width: number
  readonly height: number
  readonly json?: boolean
}

/** The pitches looked for; the packages have no default. */
const PITCH_RANGE = { fmin: 50, fmax: 2000 }

/** Adds `dsp analyze`. */
export function addAnalyze(program: Command): void {
  program
    .command('analyze')
    .summary('separate tracks, find pitch and chroma')
    .description(
      'Separates tracks into a harmonic and a percussive part, and finds their pitch and their chroma, on all cores.\n' +
        'Writes one .npz and one .png a track. Channels are averaged to one first.',
    )
    .argument('<tracks...>', 'sound files, and folders of them')
    .requiredOption('--out-dir <folder>', 'where to write the results; made where it is not there')
    .addOption(new Option('--pitch <method>', 'how the pitch is found').choices(['yin', 'pyin']).default('yin'))
    .option(
      '--set <part.name=value>',
      'an option of hpss, pitch or chroma, by its name in the API; may be repeated',
      collect,
      [],
    )
    .option('--rate <hertz>', "resample to this rate first; default: each file's own", hertz)
    .option('--jobs <count>', 'tracks at a time; default: one a core', positiveInteger)
    .option('--no-audio', 'leave the harmonic and the percussive samples out of the .npz')
    .option('--force', 'analyze finished tracks again')
    .addOption(new Option('--width <pixels>', 'of the pictures').default(1600).argParser(pixels))
    .addOption(new Option('--height <pixels>', 'of the pictures').default(1400).argParser(pixels))
    .option('--json', 'print one object a track: file, status, npz, png, seconds, sampleRate, error')
    .addHelpText(
      'after',
      `
The .npz holds: f0 [frames] in hertz (pyin: voiced_flag and voiced_prob too), chroma [12, frames],
harmonic and percussive [samples], sample_rate, and settings (JSON, as bytes).

Tracks whose results are there, made of the same file with the same settings, are skipped, so that an
interrupted run goes on where it was. Unreadable files are reported, and the others are analysed.

Examples:
  dsp analyze music --out-dir results
  dsp analyze a.flac b.mp3 --out-dir results --rate 22050 --pitch pyin --set pitch.fmin=65 --set pitch.fmax=1000
  dsp analyze music --out-dir results --no-audio --set hpss.kernelSize=17,31 --json`,
    )
    .action(run)
}

async function run(paths: readonly string[], flags: Flags): Promise<void> {
  const plan = await planOf(flags)
  const { tracks, refused } = await findTracks(paths, flags.outDir)
  await assertFolder(flags.outDir)
  const progress = fileProgress(tracks.length)
  const report = new Report(flags.json === true, progress)
  for (const { path, error } of refused) report.failed(path, messageOf(named(path, error)))
  // A worker is this file's neighbour after the build.
  const pool = new WorkerPool<AnalyzeJob, Analysis>(new URL('./worker.js', import.meta.url))
  const jobs = Math.min(flags.jobs ?? availableParallelism(), tracks.length)
  await eachBounded(tracks, jobs, async (track) => {
    progress.begin(basename(track.path))
    try {
      const stamp = await stampText(track, plan)
      if (!flags.force && (await isFinished(track, stamp))) report.skipped(track)
      else report.done(track, await write(track, await pool.run({ path: track.path, plan, stamp })))
    } catch (error) {
      report.failed(track.path, messageOf(named(track.path, error)), exitCodeOf(error))
    }
    progress.end()
  })
  progress.stop()
  await pool.close()
  report.summary()
}

async function planOf({ set, rate, pitch, audio, width, height }: Flags): Promise<Plan> {
  const { featureKind } = await import('@dsp/features')
  const kinds = { hpss: 'hpss-harmonic', pitch, chroma: 'chroma-cqt' } as const
  const parts: Record<string, string[]> = { hpss: [], pitch: [], chroma: [] }
  for (const assignment of set) {
    const [, part = '', rest = ''] = /^([a-z]+)\.(.*)$/s.exec(assignment) ?? []
    if (!Object.hasOwn(parts, part)) {
      throw new UsageError(`--set takes hpss.NAME=VALUE, pitch.NAME=VALUE or chroma.NAME=VALUE, got ${assignment}`)
    }
    parts[part]!.push(rest)
  }
  const read = (part: keyof typeof kinds): Settings =>
    parseSettings(featureKind(kinds[part]).options as never, parts[part]!, `${part}.`)
  const settings = { hpss: read('hpss'), pitch: { ...PITCH_RANGE, ...read('pitch') }, chroma: read('chroma') }
  return { rate: rate ?? null, pitch, settings, audio, size: { width, height } }
}

/** What the results of a track are made of. Equal texts mean equal results. */
async function stampText({ path }: Track, plan: Plan): Promise<string> {
  const { size } = await stat(path)
  return JSON.stringify({ by: 'dsp analyze', version: 1, source: { name: basename(path), bytes: size }, ...plan })
}

/** Writes the picture, then the arrays: a track is finished when both are there. */
async function write({ output }: Track, analysis: Analysis): Promise<Analysis> {
  await makeFolder(dirname(output))
  await writeWhole(`${output}.png`, analysis.png)
  try {
    await writeWhole(`${output}.npz`, analysis.npz)
  } catch (error) {
    await rm(`${output}.png`, { force: true })
    throw error
  }
  return analysis
}

/** Says what became of each track, and of all of them. */
class Report {
  private readonly begun = performance.now()
  private readonly counts = { done: 0, skipped: 0, failed: 0 }
  private seconds = 0

  constructor(
    private readonly json: boolean,
    private readonly progress: { print(line: string): void; warn(line: string): void },
  ) {}

  done({ path, output }: Track, { seconds, sampleRate }: Analysis): void {
    this.counts.done++
    this.seconds += seconds
    const text = `${output}.npz, ${output}.png: ${seconds.toFixed(1)} s at ${sampleRate} Hz of ${path}`
    this.print(text, { file: path, status: 'done', npz: `${output}.npz`, png: `${output}.png`, seconds, sampleRate })
  }

  skipped({ path, output }: Track): void {
    this.counts.skipped++
    const text = `${output}.npz, ${output}.png: finished before`
    this.print(text, { file: path, status: 'skipped', npz: `${output}.npz`, png: `${output}.png` })
  }

  failed(path: string, error: string, exitCode: number = exitCodes.failed): void {
    this.counts.failed++
    process.exitCode = Math.max(exitCode, Number(process.exitCode ?? 0))
    if (this.json) this.progress.print(JSON.stringify({ file: path, status: 'failed', error }))
    this.progress.warn(`dsp: ${error}`)
  }

  summary(): void {
    const { done, skipped, failed } = this.counts
    const spent = ((performance.now() - this.begun) / 1000).toFixed(2)
    const others = `${skipped > 0 ? `, ${skipped} finished before` : ''}${failed > 0 ? `, ${failed} failed` : ''}`
    console.error(`${done} analyzed${others}: ${this.seconds.toFixed(1)} s of sound in ${spent} s`)
  }

  private print(text: string, object: object): void {
    this.progress.print(this.json ? JSON.stringify(object) : text)
  }
}
