import { mostlyRelative, TOLERANCES } from '../agreement.ts'
import type { Contestant, Work } from '../contestant.ts'
import { aubioJs, essentiaPitch, pitchfinder, pitchy } from '../peers/music-libraries.ts'
import { type Context, INSTALL } from './context.ts'
import { musicWorks, type Track } from './music.ts'

const OPTIONS = { fmin: 50, fmax: 2000 }
const RANGE = '2048-sample frames every 512'

/** Other estimators of pitch: the same frames, other answers. */
function estimators(context: Context, { samples, path, rate }: Track): Contestant[] {
  const params = { samples: path, rate }
  const install = INSTALL
  const other = (name: string, call: string, similar: string, prepare: Contestant['prepare']): Contestant => ({
    name,
    call,
    similar: `${similar}, ${RANGE}`,
    install,
    prepare,
  })
  const aubio = (method: string) =>
    other('aubio', method, "aubio's own YIN", () =>
      context.python.prepare({ peer: 'aubio:pitch', params: { ...params, method } }),
    )
  const essentia = (algorithm: string) =>
    other('essentia', algorithm, "essentia's own YIN", () =>
      context.python.prepare({ peer: 'essentia:pitch', params: { ...params, algorithm } }),
    )
  const rust = (crate: string, similar: string) =>
    other(crate, 'Rust', similar, () => context.rust.prepare({ peer: `pitch:${crate}`, params }))
  return [
    { ...aubio('yinfft'), name: 'aubio yinfft' },
    { ...aubio('yinfast'), name: 'aubio yinfast' },
    { ...essentia('PitchYinFFT'), name: 'essentia PitchYinFFT' },
    { ...essentia('PitchYin'), name: 'essentia PitchYin' },
    rust('pitch-detection', 'YIN without a range'),
    rust('yin', 'YIN by the definition'),
    other('pitchy', 'npm', 'McLeod pitch method', () => pitchy(samples, rate)),
    other('aubiojs', 'yinfft, WebAssembly', "aubio's own YIN", () => aubioJs(samples, rate)),
    other('essentia.js', 'PitchYinFFT, WebAssembly', "essentia's own YIN", () => essentiaPitch(samples, rate)),
    other('pitchfinder', 'YIN, JavaScript', 'YIN without a range', () => pitchfinder(samples, rate)),
  ]
}

/** Fundamental frequency by YIN, and by probabilistic YIN. */
export function pitchWorks(context: Context): Work[] {
  return [
    ...musicWorks(context, {
      name: 'yin',
      function: 'yin',
      title: 'YIN',
      options: OPTIONS,
      rated: true,
      agree: mostlyRelative(TOLERANCES.pitch),
      goal: { ratio: 9, seconds: 240, rate: 44100 },
      peers: (track) => (track.seconds === 60 && track.rate === 44100 ? estimators(context, track) : []),
    }).map((work) => (work.id === 'yin-60-44' ? { ...work, goals: [{ peer: 'aubio yinfft', ratio: 1 }] } : work)),
    ...musicWorks(context, {
      name: 'pyin',
      function: 'pyin',
      title: 'Probabilistic YIN',
      options: OPTIONS,
      rated: true,
      agree: () => ({ same: true, text: 'f0 compared by the tests' }),
      tracks: [{ seconds: 60, rate: 22050 }],
      goal: { ratio: 30, seconds: 60, rate: 22050 },
      peers: ({ path, rate }) => [
        {
          name: 'pyin',
          call: 'Rust crate',
          similar: 'an own translation of librosa',
          install: INSTALL,
          prepare: () => context.rust.prepare({ peer: 'pitch:pyin', params: { samples: path, rate } }),
        },
      ],
    }),
  ]
}
