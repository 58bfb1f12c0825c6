import { modelError } from '@dsp/onnx'
import type { Folder } from '../folder.js'
import type { Hypothesis } from '../hypothesis.js'
import type { Matrix } from '../matrix.js'
import type { RecognizerOptions } from '../options.js'
import type { Settings } from '../settings.js'
import { RecordingSums } from './builder.js'
import { comparePassport, frontEndWarnings } from './compare.js'
import { readPassport } from './file.js'
import { PASSPORT_FILE, type Passport, type PassportFrontEnd } from './passport.js'

/** Watches what a model is fed and what it answers. */
export class Gauge {
  /** How the front end differs from that of the passport, in words. */
  readonly differences: readonly string[]

  private constructor(
    private readonly settings: Settings,
    /** The model's passport, if it has one. */
    readonly passport: Passport | null,
  ) {
    if (passport === null) {
      this.differences = []
      return
    }
    agree('sampleRate', passport.sampleRate, settings.sampleRate)
    agree('the number of bins', passport.features.mean.length, this.bins)
    this.differences = frontEndWarnings(passport.frontEnd, frontEndOf(settings), settings.sampleRate)
    if (passport.normalize !== settings.normalize) {
      this.differences = [
        ...this.differences,
        `the features are not those of the model's passport: normalize is "${settings.normalize}", not "${passport.normalize}"`,
      ]
    }
  }

  /**
   * Reads the passport of a model.
   * @param directory - The model directory.
   * @param options - Whether it is wanted.
   * @param settings - The model's.
   * @throws DspError `ERR_DSP_MODEL` if the passport is damaged, or that of a model of another rate or number of bins.
   */
  static async open(directory: Folder, options: RecognizerOptions, settings: Settings): Promise<Gauge> {
    return new Gauge(settings, options.passport ? await readPassport(directory) : null)
  }

  private get bins(): number {
    return this.settings.nemo?.features ?? this.settings.features.numMelBins ?? 80
  }

  /** The sums of a recording that begins. */
  begin(): RecordingSums {
    return new RecordingSums(this.bins)
  }

  /** Frames of a recording, before they are normalised; they count where there is a passport, or one is made. */
  feed(recording: RecordingSums, features: Matrix, forPassport = false): void {
    if (this.passport !== null || forPassport) recording.features.add(features)
  }

  /** Counts what a model answered, and says in words what is wrong with the recording. */
  judge(recording: RecordingSums, found: readonly Hypothesis[]): string[] {
    for (const { outputs, blanks } of found) {
      recording.outputs += outputs
      recording.blanks += blanks
    }
    if (this.passport === null) return []
    return [...this.differences, ...comparePassport(recording.observation(), this.passport).warnings]
  }
}

/** The front end of a model as its passport says it. */
export function frontEndOf({ features, nemo, logGuard }: Settings): PassportFrontEnd {
  if (nemo !== undefined) return { kind: 'nemo', options: { ...nemo }, logZeroGuard: null }
  return { kind: 'fbank', options: { ...features }, logZeroGuard: logGuard ?? null }
}

function agree(name: string, stated: number, actual: number): void {
  if (stated === actual) return
  throw modelError(
    `the model contradicts itself: ${name} is ${stated} in ${PASSPORT_FILE} but the model takes ${actual}: is it another model's? The option passport=false does without`,
    name,
    `${actual} (the model)`,
    `${stated} (${PASSPORT_FILE})`,
  )
}
