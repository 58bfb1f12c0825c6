import type { Command } from 'commander'
import { UsageError } from '../failure.js'
import { readMono, stem } from '../input.js'
import { computeNamed } from '../kinds/kind.js'
import { describeKinds, loadKind } from '../kinds/registry.js'
import { describeSettings, parseSettings } from '../kinds/settings.js'
import { assertWritable, encodeFeatures, featureExtension, featureExtensions, writeWhole } from '../output.js'
import { labelOf, STANDARD } from '../standard.js'
import { collect, hertz } from './arguments.js'

interface Flags {
  readonly kind: string
  readonly set: readonly string[]
  readonly rate?: number
  readonly out?: string
  readonly complex?: boolean
  readonly json?: boolean
  readonly options?: boolean
}

/** Adds `dsp features`. */
export function addFeatures(program: Command): void {
  program
    .command('features')
    .summary('compute features of a sound file')
    .description('Computes features of a sound file. Channels are averaged to one first.')
    .argument('[audio]', 'a WAV, FLAC, Ogg Vorbis, MP3, AIFF or SPHERE file; - for standard input')
    .requiredOption('--kind <kind>', 'what to compute, see below')
    .option('--out <file>', `where to write it: ${featureExtensions.join(', ')}, or - for .npy to standard output`)
    .option('--set <name=value>', 'an option of the kind, by its name in the API; may be repeated', collect, [])
    .option('--rate <hertz>', 'resample to this rate first', hertz)
    .option('--complex', 'write complex values instead of magnitudes (stft)')
    .option('--options', 'list the options of the kind and their defaults')
    .option('--json', 'print one object: file, kind, out, shape, sampleRate')
    .addHelpText(
      'after',
      () => `
Kinds:
${describeKinds()}

Values of --set: numbers, words, true/false, lists as 17,45, and null.

Examples:
  dsp features speech.wav --kind fbank --set preset=sherpa-onnx --out speech.npy
  dsp features music.mp3 --rate 16000 --kind stft --set nFft=512 --complex --out music.npz
  dsp features speech.flac --kind resample --set targetRate=8000 --out speech.csv
  ffmpeg -i talk.mkv -f wav - | dsp features - --kind fbank --out - > talk.npy
  dsp features --kind fbank --options`,
    )
    .action(run)
}

async function run(audioPath: string | undefined, flags: Flags): Promise<void> {
  const { info } = await loadKind(flags.kind)
  if (flags.options) {
    console.log(`${info.name}: ${info.description}\n\n${describeSettings(info)}`)
    return
  }
  if (audioPath === undefined) throw new UsageError('no sound file given: dsp features AUDIO --kind KIND --out FILE')
  if (flags.out === undefined)
    throw new UsageError(`--out is missing: a file ending in ${featureExtensions.join(', ')}`)
  const extension = featureExtension(flags.out)
  if (flags.complex && !('complex' in info.options))
    throw new UsageError(`the kind ${flags.kind} has no complex values`)
  if (flags.complex && (extension === '.csv' || extension === '.ark')) {
    throw new UsageError(`${extension} holds no complex numbers: write .npy or .npz, or leave --complex out`)
  }
  if (flags.json && flags.out === STANDARD) throw new UsageError('--json and --out - both write to standard output')
  const settings = { ...parseSettings(info.options as never, flags.set), ...(flags.complex && { complex: true }) }
  await assertWritable(flags.out)
  const audio = await readMono(audioPath, flags.rate)
  const { values, complex } = await computeNamed(info, audioPath, audio, settings)
  const shape = complex ? values.shape.slice(0, -1) : values.shape
  await writeWhole(flags.out, encodeFeatures(flags.out, values, complex, stem(audioPath).replace(/\s+/g, '_')))
  if (flags.json) {
    const { kind: name, out } = flags
    console.log(JSON.stringify({ file: audioPath, kind: name, out, shape, sampleRate: audio.sampleRate }))
  } else {
    const out = flags.out === STANDARD ? 'standard output' : flags.out
    const text = `${out}: ${flags.kind} [${shape.join(', ')}] of ${labelOf(audioPath)} at ${audio.sampleRate} Hz`
    if (flags.out === STANDARD) console.error(text)
    else console.log(text)
  }
}
