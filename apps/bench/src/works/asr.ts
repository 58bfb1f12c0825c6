import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Recognizer } from '@dsp/asr'
import { decodeAudioSync } from '@dsp/audio'
import { sameTexts } from '../agreement.ts'
import type { Ready, Result, Work } from '../contestant.ts'
import { filesBelow } from '../inputs.ts'
import { inProcess } from '../peers/in-process.ts'
import { version } from '../version.ts'
import { type Context, INSTALL, Skipped } from './context.ts'

/** Audio files to text, decoding included, by one model directory. */
export function asrWorks(context: Context): Work[] {
  const { model, threads } = context
  if (!existsSync(join(model, 'encoder.onnx')))
    throw new Skipped('asr', 'there is no encoder.onnx in the model directory')
  const files = filesBelow('an4/test', '.flac')
  const seconds = files.map((file) => {
    const { sampleRate, samples } = decodeAudioSync(readFileSync(file))
    return samples.data.length / sampleRate
  })
  return [
    {
      id: 'asr',
      title: 'Speech to text, end to end',
      detail: `${files.length} utterances of AN4's test set, from FLAC files to text, one after the other, with the same ONNX files.`,
      units: files.length,
      unit: 'utterance',
      audioSeconds: seconds.reduce((sum, one) => sum + one, 0) / files.length,
      ours: { name: '@dsp/asr', call: 'Recognizer.transcribe', prepare: () => ours(model, files, threads) },
      peers: [
        {
          name: 'sherpa-onnx',
          call: 'OfflineRecognizer, greedy_search (Python)',
          install: INSTALL,
          prepare: () => context.python.prepare({ peer: 'asr:sherpa-onnx', params: { model, files } }),
        },
      ],
      agree: sameTexts,
      goals: [{ peer: 'sherpa-onnx', ratio: 1 }],
    },
  ]
}

async function ours(model: string, files: readonly string[], threads: number): Promise<Ready> {
  const recognizer = await Recognizer.load(model, { numThreads: threads })
  const work = async (): Promise<string[]> => {
    const texts: string[] = []
    for (const file of files) texts.push((await recognizer.transcribe(file)).text)
    return texts
  }
  const result = (texts: string[]): Result => ({ shape: [texts.length], data: new Float32Array(0), texts })
  const ready = await inProcess(version('asr'), work, result)
  return { ...ready, release: () => recognizer.release() }
}
