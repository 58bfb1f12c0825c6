import { fbank } from '@dsp/mel-kaldi'
import { mostlyWithin, TOLERANCES } from '../agreement.ts'
import type { Result, Work } from '../contestant.ts'
import { speech } from '../inputs.ts'
import { inProcess } from '../peers/in-process.ts'
import { meyda, transformersJs } from '../peers/node-libraries.ts'
import { version } from '../version.ts'
import { type Context, INSTALL } from './context.ts'

const DETAIL = '60 s of read English at 16 kHz (LibriSpeech) to 5,998 frames of 80 log mel energies, float32.'

/** Log mel energies of a minute of speech. */
export function fbankWorks(context: Context): Work[] {
  const { samples, path } = speech(context)
  const ours = (options: Parameters<typeof fbank>[1]) =>
    inProcess(
      version('mel-kaldi'),
      () => fbank(samples, options),
      ({ data, shape }) => ({ data, shape }),
    )
  const scaled = samples.map((x) => x * 32768)
  const asrfrontOptions = { numMelBins: 80, windowType: 'hamming', dither: 0, energyFloor: 0 } as const
  const plain = ({ data, shape }: Result): Result => ({ data, shape })
  const mel = { bins: 80, low: 20, high: 7600 }
  const kaldi = { num_mel_bins: mel.bins, low_freq: mel.low, high_freq: mel.high, remove_dc_offset: false }
  return [
    {
      id: 'fbank',
      title: 'Kaldi fbank of 60 s of speech',
      detail: `${DETAIL} 20–7600 Hz, Povey window, 25 ms every 10 ms, pre-emphasis 0.97, no DC removal.`,
      units: 1,
      unit: 'minute of speech',
      audioSeconds: 60,
      ours: { name: '@dsp/mel-kaldi', call: "fbank, preset 'parakeet'", prepare: () => ours({ preset: 'parakeet' }) },
      peers: [
        {
          name: 'torchaudio',
          call: 'compliance.kaldi.fbank',
          install: INSTALL,
          prepare: () =>
            context.python.prepare({
              peer: 'fbank:torchaudio',
              params: { samples: path, options: { ...kaldi, dither: 0, sample_frequency: 16000 } },
            }),
        },
        {
          name: 'kaldi-native-fbank',
          call: 'Python wheel, frames stacked',
          install: INSTALL,
          prepare: () =>
            context.python.prepare({ peer: 'fbank:kaldi-native-fbank', params: { samples: path, options: kaldi } }),
        },
        {
          name: 'transformers.js',
          call: 'spectrogram() with Kaldi settings',
          install: INSTALL,
          prepare: () => transformersJs(samples, mel),
        },
        {
          name: 'meyda',
          call: 'melBands, frame by frame',
          similar: '512-sample Hann frames, no pre-emphasis, HTK mel',
          prepare: () => meyda(samples),
        },
        {
          name: 'mel_spec',
          call: 'compute_mel_spectrogram_cpu (Rust)',
          similar: "Whisper's 400-point log mel",
          install: INSTALL,
          prepare: () => context.rust.prepare({ peer: 'fbank:mel_spec', params: { samples: path } }),
        },
      ],
      agree: mostlyWithin(TOLERANCES.fbank),
      goals: [
        { peer: 'torchaudio', ratio: 5 },
        { peer: 'mel_spec', ratio: 2 },
        { peer: 'transformers.js', ratio: 12 },
        { peer: 'meyda', ratio: 200 },
      ],
    },
    {
      id: 'fbank-knf',
      title: 'Kaldi fbank of 60 s of speech, as knf-rs fixes its options',
      detail: `${DETAIL} 20–8000 Hz, Povey window, DC removed, the mean over time subtracted.`,
      units: 1,
      unit: 'minute of speech',
      audioSeconds: 60,
      ours: {
        name: '@dsp/mel-kaldi',
        call: 'fbank, the same options',
        prepare: () =>
          ours({ numMelBins: 80, lowFreq: 20, highFreq: 0, removeDcOffset: true, dither: 0, subtractMean: true }),
      },
      peers: [
        {
          name: 'knf-rs',
          call: 'compute_fbank (kaldi-native-fbank in C++)',
          install: INSTALL,
          prepare: () => context.rust.prepare({ peer: 'fbank:knf-rs', params: { samples: path } }),
        },
      ],
      agree: mostlyWithin(TOLERANCES.fbank),
      goals: [{ peer: 'knf-rs', ratio: 2.5 }],
    },
    {
      id: 'fbank-asrfront',
      title: 'Kaldi fbank of 60 s of speech, as asrfront fixes its options',
      detail: `${DETAIL} 20–8000 Hz, Hamming window, DC removed, samples at the scale of 16 bits.`,
      units: 1,
      unit: 'minute of speech',
      audioSeconds: 60,
      ours: {
        name: '@dsp/mel-kaldi',
        call: 'fbank, the same options',
        prepare: () => inProcess(version('mel-kaldi'), () => fbank(scaled, asrfrontOptions), plain),
      },
      peers: [
        {
          name: 'asrfront',
          call: 'sensevoice.fbank_raw (C, float32)',
          install: INSTALL,
          prepare: () => context.python.prepare({ peer: 'fbank:asrfront', params: { samples: path, bins: mel.bins } }),
        },
      ],
      agree: mostlyWithin(TOLERANCES.fbank),
      exact: () => plain(fbank(Float64Array.from(scaled), { ...asrfrontOptions, precision: 'float64' })),
      goals: [{ peer: 'asrfront', ratio: 1.2 }],
    },
  ]
}
