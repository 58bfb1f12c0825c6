import { readFileSync } from 'node:fs'
import { decodeAudioSync } from '@dsp/audio'
import { maxAbs, TOLERANCES } from '../agreement.ts'
import type { Work } from '../contestant.ts'
import { filesBelow } from '../inputs.ts'
import { inProcess } from '../peers/in-process.ts'
import { version } from '../version.ts'
import { type Context, INSTALL } from './context.ts'

/** Files on disk to float32 samples. */
export function decodeWorks(context: Context): Work[] {
  const speaker = filesBelow('librispeech/test-other', '.flac').slice(0, 10)
  return [
    decodeWork(context, 'flac-16', 'FLAC, 16 bit, one channel', '10 utterances of LibriSpeech', speaker),
    decodeWork(context, 'flac-24', 'FLAC, 24 bit, stereo', '11 s at 44.1 kHz', filesBelow('speech', 'jfk.flac')),
    decodeWork(context, 'vorbis', 'Ogg Vorbis', 'five recordings of music', filesBelow('music', '.ogg')),
  ]
}

function decodeWork(context: Context, id: string, title: string, what: string, files: readonly string[]): Work {
  return {
    id: `decode-${id}`,
    title: `Decoding ${title}`,
    detail: `${what}, read from disk and decoded to float32.`,
    units: files.length,
    unit: 'file',
    ours: {
      name: '@dsp/audio',
      call: 'decodeAudioSync',
      prepare: () =>
        inProcess(
          version('audio'),
          () => files.map((file) => decodeAudioSync(readFileSync(file)).samples.data),
          (all) => ({ data: joined(all), shape: [all.reduce((sum, one) => sum + one.length, 0)] }),
        ),
    },
    peers: [
      {
        name: 'libsndfile',
        call: 'soundfile.read',
        install: INSTALL,
        prepare: () => context.python.prepare({ peer: 'decode:libsndfile', params: { files } }),
      },
    ],
    agree: maxAbs(TOLERANCES.decode),
    goals: [],
  }
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    all.set(part, offset)
    offset += part.length
  }
  return all
}
