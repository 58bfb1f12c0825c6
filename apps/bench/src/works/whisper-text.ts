import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeAudioSync, resample, toMono } from '@dsp/audio'
import { tensor } from '@dsp/tensor'
import { fetchModel, Whisper } from '@dsp/whisper-npu'
import { sameWords } from '../agreement.ts'
import type { Contestant, Ready, Result, Work } from '../contestant.ts'
import { dataFolder, filesBelow, type Input, share } from '../inputs.ts'
import { inProcess } from '../peers/in-process.ts'
import { transformersWhisper } from '../peers/node-libraries.ts'
import { version } from '../version.ts'
import { type Context, INSTALL, Skipped } from './context.ts'

const RATE = 16000
/** Every so many utterances of LibriSpeech is taken, and so many in all. */
const [EVERY, TAKEN] = [12, 3]

/** Whisper tiny.en from samples to text, by the same weights in float32. */
export async function whisperTextWorks(context: Context): Promise<Work[]> {
  const model = await fetchModel('tiny.en').catch((error: Error) => {
    throw new Skipped('whisper-text', error.message)
  })
  const utterances = filesBelow('librispeech/test-other', '.flac').filter((_, i) => i % EVERY === 0)
  const files = [join(dataFolder(), 'speech/jfk.flac'), ...utterances.slice(0, TAKEN)]
  const recordings = files.map((file, i) => share(context, `whisper-text-${i}`, samplesOf(file)))
  const params = { model, folder: context.folder, recordings: recordings.map(({ path }) => path) }
  const { threads } = context
  const own = (frontEnd: 'q15' | 'float', call: string): Contestant => ({
    name: '@dsp/whisper-npu',
    call,
    prepare: () => ours(model, recordings, frontEnd, threads),
  })
  return [
    {
      id: 'whisper-text',
      title: 'Whisper tiny.en, samples to text',
      detail: `jfk and ${TAKEN} utterances of LibriSpeech test-other at 16 kHz, one after the other, without time stamps; the same float32 weights and arithmetic for all. Ours and transformers.js encode 30 s, as Whisper was trained; sherpa-onnx encodes the recording and 10 s of silence (its default), and once 30 s, too. Texts are compared by their words. Time of one recording.`,
      units: files.length,
      unit: 'recording',
      audioSeconds: recordings.reduce((sum, { samples }) => sum + samples.length, 0) / RATE / files.length,
      ours: own('q15', 'q15 front end on the emulator'),
      peers: [
        own('float', 'float front end'),
        {
          name: 'transformers.js',
          call: 'automatic-speech-recognition, fp32',
          install: INSTALL,
          prepare: async () => {
            const { result, release } = await context.python.prepare({ peer: 'whisper-text:graphs', params })
            await release?.()
            return transformersWhisper(
              result.texts![0]!,
              recordings.map(({ samples }) => samples),
              threads,
            )
          },
        },
        {
          name: 'sherpa-onnx',
          call: 'OfflineRecognizer.from_whisper (Python)',
          install: INSTALL,
          prepare: () => context.python.prepare({ peer: 'whisper-text:sherpa-onnx', params }),
        },
        {
          name: 'sherpa-onnx, 30 s',
          call: 'the same with tail_paddings=3000',
          install: INSTALL,
          prepare: () =>
            context.python.prepare({ peer: 'whisper-text:sherpa-onnx', params: { ...params, padding: 3000 } }),
        },
      ],
      agree: sameWords,
      goals: [
        { peer: 'transformers.js', ratio: 1 },
        { peer: 'sherpa-onnx', ratio: 1 },
      ],
    },
  ]
}

function samplesOf(file: string): Float32Array {
  const { sampleRate, samples } = toMono(decodeAudioSync(readFileSync(file)))
  return sampleRate === RATE ? samples.data : resample(samples, { origFreq: sampleRate, newFreq: RATE }).data
}

async function ours(
  model: string,
  recordings: readonly Input[],
  frontEnd: 'q15' | 'float',
  numThreads: number,
): Promise<Ready> {
  const whisper = await Whisper.load(model, { frontEnd, numThreads })
  const work = async (): Promise<string[]> => {
    const texts: string[] = []
    for (const { samples } of recordings) {
      const audio = { samples: tensor(samples), sampleRate: RATE }
      texts.push((await whisper.transcribe(audio, { timestamps: false, words: false })).text)
    }
    return texts
  }
  const result = (texts: string[]): Result => ({ shape: [texts.length], data: new Float32Array(0), texts })
  const ready = await inProcess(version('whisper-npu'), work, result)
  return { ...ready, release: () => whisper.close() }
}
