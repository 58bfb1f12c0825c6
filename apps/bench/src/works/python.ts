import { mostlyWithin, TOLERANCES } from '../agreement.ts'
import type { Contestant, Work } from '../contestant.ts'
import { filesBelow, speech } from '../inputs.ts'
import { type Context, INSTALL } from './context.ts'

/** Files in one iteration. */
const FILES = 100

/** The options of most peers, and those that asrfront fixes. */
const OPTIONS = { num_mel_bins: 80, low_freq: 20, high_freq: 7600, remove_dc_offset: false }
const ASRFRONT = { num_mel_bins: 80, window_type: 'hamming' }

const SAME = '20–7600 Hz, Povey window, 25 ms every 10 ms, pre-emphasis 0.97, no DC removal.'
const FIXED = '20–8000 Hz, Hamming window, DC removed: what asrfront fixes.'

/** Kaldi's features from Python: our module beside the libraries that it replaces there. */
export function pythonWorks(context: Context): Work[] {
  const { path } = speech(context)
  const files = filesBelow('librispeech', '.flac').slice(0, FILES)
  const contestant = (process: Context['python'], params: object) => (peer: string, name: string, call: string) => ({
    name,
    call,
    install: INSTALL,
    prepare: () => process.prepare({ peer, params: { ...params } }),
  })
  const minute = (options: object, scale = 1) => contestant(context.python, { samples: path, options, scale, bins: 80 })
  const many = (options: object) => contestant(context.freePython, { files, options })
  const agree = mostlyWithin(TOLERANCES.fbank)
  const oneMinute = (id: string, how: string, ours: Contestant, peers: readonly Contestant[]): Work => ({
    id,
    title: `Kaldi fbank of 60 s of speech from Python${id.endsWith('asrfront') ? ', as asrfront fixes its options' : ''}`,
    detail: `60 s of read English at 16 kHz (LibriSpeech), a float32 array, to 5,998 frames of 80 log mel energies. ${how}`,
    units: 1,
    unit: 'minute of speech',
    audioSeconds: 60,
    ours,
    peers,
    agree,
    goals: [],
  })
  const allFiles = (id: string, how: string, ours: Contestant, peers: readonly Contestant[]): Work => ({
    id,
    title: `Kaldi fbank of ${files.length} files from Python on all cores${id.endsWith('asrfront') ? ', as asrfront fixes its options' : ''}`,
    detail: `${files.length} FLAC files of LibriSpeech at 16 kHz, read, decoded and turned into 80 log mel energies. ${how}`,
    units: files.length,
    unit: 'file',
    ours,
    peers,
    agree,
    goals: [],
  })
  const [one, raw] = [minute(OPTIONS), minute({ ...ASRFRONT, energy_floor: 0 }, 32768)]
  const [every, everyRaw] = [many(OPTIONS), many(ASRFRONT)]
  const pooled = (call: string) => `soundfile, ${call}, a pool of threads`
  return [
    oneMinute('python-fbank', SAME, one('fbank:auralis', 'auralis_dsp', 'kaldi.fbank (ours)'), [
      one('fbank:torchaudio', 'torchaudio', 'compliance.kaldi.fbank'),
      one('fbank:kaldi-native-fbank', 'kaldi-native-fbank', 'OnlineFbank, frames stacked'),
    ]),
    oneMinute('python-fbank-asrfront', FIXED, raw('fbank:auralis', 'auralis_dsp', 'kaldi.fbank (ours)'), [
      raw('fbank:asrfront', 'asrfront', 'sensevoice.fbank_raw'),
    ]),
    allFiles('python-files', SAME, every('files:auralis', 'auralis_dsp', 'fbank_files (ours)'), [
      every('files:torchaudio', 'torchaudio', pooled('compliance.kaldi.fbank')),
      every('files:kaldi-native-fbank', 'kaldi-native-fbank', pooled('OnlineFbank')),
    ]),
    allFiles('python-files-asrfront', FIXED, everyRaw('files:auralis', 'auralis_dsp', 'fbank_files (ours)'), [
      everyRaw('files:asrfront', 'asrfront', pooled('sensevoice.fbank_raw')),
    ]),
  ]
}
