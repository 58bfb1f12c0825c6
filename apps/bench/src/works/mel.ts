import { whisperLogMel } from '@dsp/mel'
import { maxAbs, ofPeak, TOLERANCES } from '../agreement.ts'
import type { Contestant, Result, Work } from '../contestant.ts'
import { speech } from '../inputs.ts'
import { inProcess } from '../peers/in-process.ts'
import { transformersJsWhisper } from '../peers/music-libraries.ts'
import { version } from '../version.ts'
import { type Context, INSTALL } from './context.ts'
import { musicWorks } from './music.ts'

/** Mel spectrograms. */
export function melWorks(context: Context): Work[] {
  return musicWorks(context, {
    name: 'melspectrogram',
    function: 'feature.melspectrogram',
    title: 'Mel spectrogram',
    rated: true,
    agree: ofPeak(TOLERANCES.music),
    goal: { ratio: 5, seconds: 240, rate: 22050 },
  })
}

/** Whisper's front end on a minute of speech. */
export function whisperWorks(context: Context): Work[] {
  const { samples, path } = speech(context)
  const python = (peer: string, more: object) => () =>
    context.python.prepare({ peer, params: { samples: path, mels: 80, ...more } })
  const ours = (precision: 'float32' | 'float64') => () =>
    inProcess(
      version('mel'),
      () => whisperLogMel(samples, { chunkLength: null, precision }),
      ({ data, shape }) => ({ data, shape }),
    )
  const asrfront: Contestant = {
    name: 'asrfront',
    call: 'whisper.log_mel (C, float32)',
    install: INSTALL,
    prepare: python('whisper:asrfront', {}),
  }
  const exact = (): Result => whisperLogMel(Float64Array.from(samples), { chunkLength: null })
  return [
    {
      id: 'whisper',
      title: "Whisper's log mel of 60 s of speech",
      detail:
        '60 s of read English at 16 kHz as one piece, 80 mels, float32; transformers.js takes two pieces of 30 s.',
      units: 1,
      unit: 'minute of speech',
      audioSeconds: 60,
      ours: {
        name: '@dsp/mel',
        call: 'whisperLogMel, chunkLength null',
        prepare: ours('float64'),
      },
      peers: [
        asrfront,
        {
          name: 'transformers, torch',
          call: 'WhisperFeatureExtractor',
          install: INSTALL,
          prepare: python('whisper:transformers', { path: 'torch' }),
        },
        {
          name: 'transformers, numpy',
          call: 'WhisperFeatureExtractor',
          install: INSTALL,
          prepare: python('whisper:transformers', { path: 'numpy' }),
        },
        {
          name: 'openai-whisper',
          call: 'log_mel_spectrogram',
          install: INSTALL,
          prepare: python('whisper:openai', {}),
        },
        {
          name: 'mel_spec',
          call: 'compute_mel_spectrogram_cpu (Rust)',
          similar: 'not normalised to the maximum',
          install: INSTALL,
          prepare: () => context.rust.prepare({ peer: 'fbank:mel_spec', params: { samples: path } }),
        },
        {
          name: 'transformers.js',
          call: 'spectrogram(), log10_max_norm',
          similar: 'two pieces of 30 s',
          install: INSTALL,
          prepare: () => transformersJsWhisper(samples, 80),
        },
      ],
      agree: maxAbs(TOLERANCES.whisper),
      exact,
      goals: [
        { peer: 'asrfront', ratio: 1 },
        { peer: 'transformers, torch', ratio: 3 },
        { peer: 'transformers, numpy', ratio: 12 },
        { peer: 'mel_spec', ratio: 2 },
        { peer: 'transformers.js', ratio: 50 },
      ],
    },
    {
      id: 'whisper-float32',
      title: "Whisper's log mel of 60 s of speech, in float32",
      detail: 'The same, computed in float32 throughout.',
      units: 1,
      unit: 'minute of speech',
      audioSeconds: 60,
      ours: { name: '@dsp/mel', call: "whisperLogMel, precision 'float32'", prepare: ours('float32') },
      peers: [asrfront, { name: '@dsp/mel', call: 'whisperLogMel, its default', prepare: ours('float64') }],
      agree: maxAbs(TOLERANCES.whisper),
      exact,
      goals: [{ peer: 'asrfront', ratio: 1.3 }],
    },
  ]
}
