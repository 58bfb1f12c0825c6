import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { DiagnosableKind, Diagnosis, DiagnosisProgress, Finding } from '@dsp/doctor'
import { type Audio, DspError } from '@dsp/tensor'
import { asUsage, exitCodes, UsageError } from '../failure.js'
import { named } from '../input.js'
import { loadKind } from '../kinds/registry.js'
import { parseSettings } from '../kinds/settings.js'
import { writeWhole } from '../output.js'
import { statusLine } from '../progress.js'
import { fileOf, labelOf, readStandardInput, STANDARD } from '../standard.js'
import type { Flags } from './flags.js'
import { type Reference, readReference } from './reference.js'
import { toJson, toText } from './report.js'
import { show } from './verdict.js'

/** Encodings whose decoders may delay the sound. */
const lossy = ['mp3', 'vorbis']

/** Diagnoses features of a sound and prints the answer. */
export async function diagnoseSound(audioPath: string, referencePath: string, flags: Flags): Promise<void> {
  const { kind, settings, specs } = await chosen(flags)
  const reference = await readReference(referencePath, flags)
  const ours = flags.ours === undefined ? undefined : await readReference(flags.ours, {})
  const { audio, isLossy } = await decoded(audioPath)
  const { diagnose } = await import('@dsp/doctor')
  const progress = statusLine()
  const found = await diagnose({
    audio,
    reference: reference.values,
    ...(kind === undefined ? {} : { kind }),
    ...(Object.keys(settings).length === 0 ? {} : { options: settings }),
    ...(ours === undefined ? {} : { ours: ours.values }),
    ...(flags.timeLimit === undefined ? {} : { timeLimit: flags.timeLimit }),
    isLossy,
    onProgress: (now) => progress.show(progressText(now)),
  })
    .catch((error: unknown) => {
      throw ofFiles(asUsage(error, specs), audioPath, referencePath)
    })
    .finally(progress.stop)
  const findings = [...notesOf(reference), ...(ours === undefined ? [] : notesOf(ours)), ...found.findings]
  await print({ ...found, findings }, referencePath, flags)
}

function notesOf({ notes }: Reference): Finding[] {
  return notes.map((sentence) => ({ stage: 'counts', sentence, causes: ['layout'] }))
}

/** An error about the sound or the reference, with its file's name. */
function ofFiles(error: unknown, audioPath: string, referencePath: string): unknown {
  return named(error instanceof DspError && error.argument === 'reference' ? referencePath : audioPath, error)
}

async function print(diagnosis: Diagnosis, referencePath: string, flags: Flags): Promise<void> {
  const { pythonScript, recipes } = await import('@dsp/doctor')
  const { plot, emitPython: library, out = STANDARD, json } = flags
  if (plot !== undefined) {
    const { renderDiagnosis } = await import('../plot/diagnosis.js')
    await writeWhole(plot, renderDiagnosis(diagnosis, basename(labelOf(referencePath)), flags))
  }
  const options = recipes(diagnosis.theirs)
  const report = json ? toJson(diagnosis, options) : toText(diagnosis, options)
  // a picture or a script on standard output has no text beside it
  if (plot === STANDARD || (library !== undefined && out === STANDARD)) console.error(report)
  else console.log(report)
  if (!diagnosis.explained) process.exitCode = exitCodes.failed
  if (library === undefined) return
  if (diagnosis.confidence === 'none') console.error('dsp: no script was written: no settings reproduce the reference')
  else await writeWhole(out, pythonScript(diagnosis.theirs, library))
}

/** Says what two matrices of features alone tell. */
export async function compareFeatures(oursPath: string, referencePath: string, flags: Flags): Promise<void> {
  const ours = await readReference(oursPath, {})
  const reference = await readReference(referencePath, flags)
  for (const note of [...ours.notes, ...reference.notes]) console.error(`dsp: ${note}`)
  const { diagnoseFeatures, featuresText } = await import('@dsp/doctor')
  const diagnosis = diagnoseFeatures(ours.values, reference.values)
  process.stdout.write(flags.json ? `${JSON.stringify(diagnosis)}\n` : featuresText(diagnosis))
}

/** Says what figures tell of two matrices that nobody has. */
export async function diagnoseFigures(path: string, flags: Flags): Promise<void> {
  const { diagnoseReport, reportText } = await import('@dsp/doctor')
  const bytes = path === STANDARD ? await readStandardInput() : await readFile(path)
  const progress = statusLine()
  const diagnosis = await diagnoseReport(new TextDecoder().decode(bytes), {
    onProgress: ({ tried, of }) => progress.show(`${tried} of ${of} changes simulated`),
  })
    .catch((error: unknown) => {
      throw named(path, error)
    })
    .finally(progress.stop)
  process.stdout.write(flags.json ? `${JSON.stringify(diagnosis)}\n` : reportText(diagnosis))
}

/** Describes a cause. */
export async function explainCause(id: string): Promise<void> {
  const { causeIds, explain } = await import('@dsp/doctor')
  const cause = causeIds.find((known) => known === id)
  if (cause === undefined) {
    throw new UsageError(`there is no cause ${JSON.stringify(id)}; the causes are: ${causeIds.join(', ')}`)
  }
  console.log(explain(cause))
}

/** The kind of ours and its options, checked before anything long begins. */
async function chosen({ kind, set, preset, rate }: Flags) {
  if (kind === undefined) {
    if (set.length === 0 && preset === undefined && rate === undefined) return { kind, settings: {}, specs: {} }
    throw new UsageError('--set, --preset and --rate are settings of a kind: add --kind')
  }
  const { diagnosableKinds } = await import('@dsp/doctor')
  if (!(diagnosableKinds as readonly string[]).includes(kind)) {
    throw new UsageError(
      `the kind ${JSON.stringify(kind)} cannot be diagnosed; these can: ${diagnosableKinds.join(', ')}`,
    )
  }
  const { info } = await loadKind(kind)
  const assignments = [...(preset === undefined ? [] : [`preset=${preset}`]), ...set]
  if (rate !== undefined) {
    if (info.rateOption === undefined) throw new UsageError(`${kind} has a rate of its own: leave --rate out`)
    assignments.push(`${info.rateOption}=${rate}`)
  }
  const settings = parseSettings(info.options as never, assignments)
  return { kind: kind as DiagnosableKind, settings, specs: info.options }
}

/** Sound with all its channels at its own rate: which of them was used, and how it was resampled, is in question. */
async function decoded(path: string): Promise<{ audio: Audio; isLossy: boolean }> {
  const { decodeAudio, probeAudio } = await import('@dsp/audio')
  try {
    const source = await fileOf(path)
    const audio = await decodeAudio(source)
    if (audio.samples.size === 0) throw new UsageError(`${labelOf(path)} has no samples`)
    return { audio, isLossy: lossy.includes((await probeAudio(source)).encoding) }
  } catch (error) {
    throw named(path, error)
  }
}

function progressText({ stage, tried, residual }: DiagnosisProgress): string {
  const nearest = Number.isFinite(residual) ? ` · nearest ${show(residual)}` : ''
  return `${stage} · ${tried} front ends tried${nearest}`
}
