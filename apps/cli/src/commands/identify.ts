import type { Verification } from '@dsp/sincnet'
import type { Voice } from '@dsp/speaker-verification'
import type { Command } from 'commander'
import { exitCodes } from '../failure.js'
import { galleryPath, openGallery } from '../gallery.js'
import { addSpeakerOptions, hear, loadVerifier, type SpeakerFlags, scoreOf, showScore, voicesOf } from '../speakers.js'
import { labelOf } from '../standard.js'
import { positiveInteger } from './arguments.js'

interface Flags extends SpeakerFlags {
  readonly gallery?: string
  readonly top: number
  readonly threshold?: number
}

/** A voice of the gallery. */
interface Match extends Pick<Verification, 'score' | 'same' | 'probability'> {
  readonly name: string
}

/** Adds `dsp identify`. */
export function addIdentify(program: Command): void {
  const command = program
    .command('identify')
    .summary('which enrolled voice is heard in a recording?')
    .description(
      'Names the voices of a gallery that are most like the one in a recording. Exits with 0 even if none reaches the threshold.',
    )
    .argument('<audio>', 'a sound file of any format and length; - for standard input')
    .option('--gallery <file>', "the voices; default: dsp/speakers.gallery in the user's data folder")
    .option('--top <count>', 'how many voices to name, the best first', positiveInteger, 1)
    .option(
      '--threshold <score>',
      "the lowest score that counts as the same speaker, -1 to 1; default: the model's",
      scoreOf,
    )
  addSpeakerOptions(command)
    .option('--json', 'print an object: file, matches, threshold, shortSpeech, speechSeconds, notes')
    .addHelpText(
      'after',
      `
Examples:
  dsp identify unknown.wav
  dsp identify --top 5 --gallery team.gallery unknown.wav`,
    )
    .action(run)
}

async function run(file: string, flags: Flags): Promise<void> {
  const path = await galleryPath(flags.gallery)
  const verifier = await loadVerifier(flags)
  try {
    const gallery = await openGallery(path, verifier, false)
    try {
      const [voice] = voicesOf(await hear(verifier, [file], flags)) ?? []
      if (voice === undefined) {
        process.exitCode = exitCodes.failed
        return
      }
      const { probability } = await import('@dsp/sincnet')
      const threshold = flags.threshold ?? verifier.model.threshold
      const matches = gallery.search(voice.embedding, flags.top).map(({ name, score }) => {
        return { name, score, same: score >= threshold, probability: probability(score, verifier.model.calibration) }
      })
      report(file, voice, matches, threshold, flags)
    } finally {
      gallery.close()
    }
  } finally {
    await verifier.close()
  }
}

function report(file: string, voice: Voice, matches: readonly Match[], threshold: number, { json, top }: Flags): void {
  if (json) {
    const { shortSpeech, speechSeconds, notes } = voice
    console.log(JSON.stringify({ file, matches, threshold, shortSpeech, speechSeconds, notes }))
    return
  }
  const best = matches[0]
  const answer = best === undefined ? 'the gallery is empty' : best.same ? best.name : 'nobody in the gallery'
  const nearest = best === undefined || best.same ? '' : `, the nearest is ${best.name}`
  const how = best === undefined ? '' : ` (${showScore(best)}, threshold ${threshold.toFixed(3)}${nearest})`
  console.log(`${labelOf(file)}: ${answer}${how}`)
  if (top > 1) for (const match of matches) console.log(`  ${match.name}: ${showScore(match)}`)
}
