import { tensor } from '@dsp/tensor'
import type { Command } from 'commander'
import { exitCodes } from '../failure.js'
import { assertWritable, encodeFeatures, featureExtension, writeWhole } from '../output.js'
import { addSpeakerOptions, type Heard, hear, loadVerifier, type SpeakerFlags } from '../speakers.js'
import { checkStandardInput, STANDARD } from '../standard.js'

interface Flags extends SpeakerFlags {
  readonly out: string
}

/** Adds `dsp embed`. */
export function addEmbed(program: Command): void {
  const command = program
    .command('embed')
    .summary('write the speaker embeddings of recordings')
    .description(
      'Writes the speaker embedding of each recording: an array [files, 512] of float32 whose rows have unit length, in the order of the arguments. A file that fails is reported, its row is NaN, and the command exits with 1.',
    )
    .argument('<audio...>', 'sound files of any format and length; - for standard input')
    .requiredOption('--out <file>', 'the .npy file to write (also .npz, .csv, .ark); - for standard output')
  addSpeakerOptions(command)
    .option('--json', 'print an object per file: file, row, speechSeconds, shortSpeech, notes; or file, row, error')
    .addHelpText(
      'after',
      `
Examples:
  dsp embed --out voices.npy *.wav
  dsp embed --json --out voices.npy a.flac b.mp3`,
    )
    .action(run)
}

async function run(files: readonly string[], flags: Flags): Promise<void> {
  checkStandardInput(files)
  featureExtension(flags.out)
  await assertWritable(flags.out)
  const verifier = await loadVerifier(flags)
  try {
    const json = flags.json && flags.out !== STANDARD
    let row = 0
    const heard = await hear(verifier, files, flags, (one, progress) => {
      if (json) progress.print(JSON.stringify(jsonOf(one, row)))
      row++
    })
    const size = verifier.model.embedding
    const all = new Float32Array(files.length * size).fill(Number.NaN)
    for (const [i, { voice }] of heard.entries()) if (voice) all.set(voice.embedding.vector.data, i * size)
    const embeddings = tensor(all, [files.length, size])
    await writeWhole(flags.out, encodeFeatures(flags.out, embeddings, false, 'embeddings'))
    if (heard.some(({ voice }) => voice === undefined)) process.exitCode = exitCodes.failed
  } finally {
    await verifier.close()
  }
}

function jsonOf({ file, voice, error }: Heard, row: number): object {
  if (voice === undefined) return { file, row, error }
  const { speechSeconds, shortSpeech, notes } = voice
  return { file, row, speechSeconds, shortSpeech, notes }
}
