import type { Gallery } from '@dsp/sincnet'
import type { SpeakerVerifier } from '@dsp/speaker-verification'
import { DspError } from '@dsp/tensor'
import type { Command } from 'commander'
import { exitCodes, UsageError } from '../failure.js'
import { galleryPath, openGallery, saveGallery } from '../gallery.js'
import { assertWritable } from '../output.js'
import { addSpeakerOptions, hear, loadVerifier, type SpeakerFlags, voicesOf } from '../speakers.js'
import { checkStandardInput } from '../standard.js'

interface Flags extends SpeakerFlags {
  readonly gallery?: string
  readonly replace?: boolean
}

/** Adds `dsp enroll`. */
export function addEnroll(program: Command): void {
  const command = program
    .command('enroll')
    .summary('store a voice under a name, for dsp identify')
    .description(
      "Stores a voice under a name in a gallery: the mean of the recordings' embeddings, all with the same weight. If one recording fails, the gallery is unchanged.",
    )
    .argument('<name>', 'name of the speaker')
    .argument('<audio...>', 'recordings of this one speaker; - for standard input')
    .option('--gallery <file>', "the voices; default: dsp/speakers.gallery in the user's data folder")
    .option('--replace', 'replace the voice if the name exists')
  addSpeakerOptions(command)
    .option('--json', 'print an object: name, files, speakers, gallery')
    .addHelpText(
      'after',
      `
Examples:
  dsp enroll anna anna-monday.wav anna-friday.wav
  dsp enroll --replace --gallery team.gallery ben ben-*.flac`,
    )
    .action(run)
}

async function run(name: string, files: readonly string[], flags: Flags): Promise<void> {
  if (name.trim() === '') throw new UsageError('the name must not be empty')
  checkStandardInput(files)
  if (flags.gallery !== undefined) await assertWritable(flags.gallery)
  const path = await galleryPath(flags.gallery)
  const verifier = await loadVerifier(flags)
  try {
    // Fails before the recordings are read.
    await withGallery(path, verifier, (gallery) => assertFree(gallery, path, name, flags))
    const voices = voicesOf(await hear(verifier, files, flags))
    if (voices === undefined) {
      process.exitCode = exitCodes.failed
      return
    }
    const { enroll } = await import('@dsp/sincnet')
    // Read again: another command may have written it meanwhile.
    const speakers = await withGallery(path, verifier, async (gallery) => {
      assertFree(gallery, path, name, flags)
      if (gallery.has(name)) gallery.remove(name)
      gallery.add(name, enroll(voices.map(({ embedding }) => embedding)))
      await saveGallery(path, gallery, flags.gallery === undefined)
      return gallery.size
    })
    if (flags.json) console.log(JSON.stringify({ name, files, speakers, gallery: path }))
    else console.log(`${name} is enrolled; ${path} holds ${speakers} ${speakers === 1 ? 'voice' : 'voices'}`)
  } finally {
    await verifier.close()
  }
}

async function withGallery<T>(
  path: string,
  verifier: SpeakerVerifier,
  work: (gallery: Gallery) => T | Promise<T>,
): Promise<T> {
  const gallery = await openGallery(path, verifier, true)
  try {
    return await work(gallery)
  } finally {
    gallery.close()
  }
}

function assertFree(gallery: Gallery, path: string, name: string, { replace }: Flags): void {
  if (!gallery.has(name) || replace === true) return
  const message = `${name} is already enrolled in ${path}: use --replace to replace the voice`
  throw new DspError(message, { code: 'ERR_DSP_ARGUMENT', argument: 'name', expected: 'a new name', actual: name })
}
