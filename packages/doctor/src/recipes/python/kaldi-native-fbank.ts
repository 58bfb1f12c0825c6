import type { FrontEnd } from '../../front-end.js'
import { isKaldiLog, isKaldiMfcc, lacks, missingInKaldi, missingOfBins } from './kaldi.js'
import { type Arguments, type Core, given, literal, type Missing, milliseconds, powerOfTwo } from './values.js'

const WINDOWS: Readonly<Record<FrontEnd['window'], readonly [symmetric: string | null, periodic: string | null]>> = {
  povey: ['povey', null],
  hann: ['hanning', 'hann'],
  hamming: ['hamming', null],
  blackman: ['blackman', null],
  rectangular: ['rectangular', 'rectangular'],
  sine: ['sine', null],
  bartlett: [null, null],
}

function missingInKnf(frontEnd: FrontEnd): Missing {
  const { melScale, melNorm, triangles, window, periodic, vtlnWarp } = frontEnd
  const missing = [...missingInKaldi(frontEnd), ...missingOfBins(frontEnd)]
  if (WINDOWS[window][periodic ? 1 : 0] === null) missing.push(lacks(frontEnd, 'window', 'window'))
  if (vtlnWarp !== 1) missing.push(lacks(frontEnd, 'vocal tract warp', 'vtln'))
  if (melNorm === 'sum' || (triangles === 'mel' && melNorm !== 'none'))
    missing.push(lacks(frontEnd, 'mel filters', 'mel-norm'))
  if (triangles === 'symmetric') missing.push(lacks(frontEnd, 'mel filters', 'mel-triangles'))
  if (triangles === 'mel' && melScale === 'slaney') missing.push("filters of Slaney's scale that are straight in mel")
  return missing
}

/** kaldi-native-fbank's own computer for a front end, or what stands in the way. */
export function knfCore(frontEnd: FrontEnd): Core | Missing {
  const missing = missingInKnf(frontEnd)
  if (missing.length > 0) return missing
  const { sampleRate, frameLength, frameShift, energyColumn, triangles, melNorm } = frontEnd
  const isMfcc = isKaldiMfcc(frontEnd)
  const isLog = isMfcc || isKaldiLog(frontEnd)
  const hasColumn = energyColumn !== 'none'
  const isLibrosa = triangles !== 'mel'
  const all: Arguments = {
    'frame_opts.samp_freq': sampleRate,
    'frame_opts.frame_length_ms': milliseconds(frameLength, sampleRate),
    'frame_opts.frame_shift_ms': milliseconds(frameShift, sampleRate),
    'frame_opts.dither': frontEnd.dither * Math.abs(frontEnd.gain),
    'frame_opts.preemph_coeff': frontEnd.framePreemphasis,
    'frame_opts.remove_dc_offset': frontEnd.dcOffset === 'frame',
    'frame_opts.window_type': WINDOWS[frontEnd.window][frontEnd.periodic ? 1 : 0],
    'frame_opts.round_to_power_of_two': frontEnd.fftLength === powerOfTwo(frameLength),
    'frame_opts.snip_edges': frontEnd.padding === 'snip',
    'mel_opts.num_bins': frontEnd.numBins,
    'mel_opts.low_freq': frontEnd.lowFreq,
    'mel_opts.high_freq': frontEnd.highFreq === sampleRate / 2 ? 0 : frontEnd.highFreq,
    'mel_opts.is_librosa': isLibrosa,
    ...(isLibrosa
      ? {
          'mel_opts.norm': melNorm === 'slaney' ? 'slaney' : '',
          'mel_opts.use_slaney_mel_scale': frontEnd.melScale === 'slaney',
          'mel_opts.floor_to_int_bin': triangles === 'bins',
        }
      : {}),
    use_energy: hasColumn,
    ...(hasColumn
      ? {
          raw_energy: frontEnd.rawEnergy,
          energy_floor: frontEnd.energyFloor,
          ...(isMfcc ? {} : { htk_compat: energyColumn === 'last' }),
        }
      : {}),
    ...(isMfcc
      ? { num_ceps: frontEnd.numCeps, cepstral_lifter: frontEnd.lifter }
      : { use_log_fbank: isLog, use_power: frontEnd.spectrum === 'power' }),
  }
  const defaults: Arguments = {
    'frame_opts.frame_length_ms': 25,
    'frame_opts.frame_shift_ms': 10,
    'frame_opts.preemph_coeff': 0.97,
    'frame_opts.remove_dc_offset': true,
    'frame_opts.window_type': 'povey',
    'frame_opts.round_to_power_of_two': true,
    'frame_opts.snip_edges': true,
    'mel_opts.low_freq': 20,
    'mel_opts.high_freq': 0,
    'mel_opts.is_librosa': false,
    'mel_opts.norm': 'slaney',
    'mel_opts.use_slaney_mel_scale': true,
    'mel_opts.floor_to_int_bin': false,
    use_energy: isMfcc,
    raw_energy: true,
    energy_floor: 0,
    htk_compat: false,
    use_log_fbank: true,
    use_power: true,
    cepstral_lifter: 22,
  }
  const always = ['frame_opts.samp_freq', 'frame_opts.dither', 'mel_opts.num_bins', 'num_ceps']
  const [options, computer] = isMfcc ? ['MfccOptions', 'OnlineMfcc'] : ['FbankOptions', 'OnlineFbank']
  return {
    imports: ['import kaldi_native_fbank as knf'],
    lines: [
      `opts = knf.${options}()`,
      ...Object.entries(given(all, defaults, always)).map(([name, value]) => `opts.${name} = ${literal(value)}`),
      `computer = knf.${computer}(opts)`,
      `computer.accept_waveform(${literal(sampleRate)}, x.astype(np.float32).tolist())`,
      'computer.input_finished()',
      'features = np.array([computer.get_frame(i) for i in range(computer.num_frames_ready)], dtype=np.float64)',
    ],
    gives: isMfcc ? 'cepstra' : isLog ? 'logarithms' : 'energies',
  }
}
