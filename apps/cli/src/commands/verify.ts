import type { Command } from 'commander'
import { exitCodes } from '../failure.js'
import { addSpeakerOptions, hear, loadVerifier, type SpeakerFlags, scoreOf, showScore, voicesOf } from '../speakers.js'
import { checkStandardInput, labelOf } from '../standard.js'

interface Flags extends SpeakerFlags {
  readonly threshold?: number
}

/** Adds `dsp verify`. */
export function addVerify(program: Command): void {
  const command = program
    .command('verify')
    .summary('do two recordings have the same speaker?')
    .description(
      'Says whether the same person speaks in two recordings, by the cosine of their embeddings. Silence is left out. Exits with 0 whatever the answer.',
    )
    .argument('<a>', 'a sound file of any format and length; - for standard input')
    .argument('<b>', 'another sound file')
    .option(
      '--threshold <score>',
      "the lowest score that counts as the same speaker, -1 to 1; default: the model's",
      scoreOf,
    )
  addSpeakerOptions(command)
    .option('--json', 'print an object: a, b, score, threshold, same, probability, shortSpeech, speechSeconds, notes')
    .addHelpText(
      'after',
      `
Examples:
  dsp verify monday.wav friday.wav
  dsp verify --json --channel left call-1.wav call-2.wav`,
    )
    .action(run)
}

async function run(a: string, b: string, flags: Flags): Promise<void> {
  checkStandardInput([a, b])
  const verifier = await loadVerifier(flags)
  try {
    const voices = voicesOf(await hear(verifier, [a, b], flags))
    if (voices === undefined) {
      process.exitCode = exitCodes.failed
      return
    }
    const threshold = flags.threshold === undefined ? {} : { threshold: flags.threshold }
    const verdict = verifier.compare(voices[0]!, voices[1]!, threshold)
    const { score, same, probability } = verdict
    if (flags.json) {
      const shortSpeech = voices.some((voice) => voice.shortSpeech)
      const speechSeconds = voices.map((voice) => voice.speechSeconds)
      const notes = voices.flatMap((voice, i) => voice.notes.map((note) => ({ file: [a, b][i], ...note })))
      const { threshold } = verdict
      console.log(JSON.stringify({ a, b, score, threshold, same, probability, shortSpeech, speechSeconds, notes }))
    } else {
      const answer = same ? 'same speaker' : 'different speakers'
      console.log(
        `${labelOf(a)}, ${labelOf(b)}: ${answer} (${showScore(verdict)}, threshold ${verdict.threshold.toFixed(3)})`,
      )
    }
  } finally {
    await verifier.close()
  }
}
