import { type NemoOptions, nemoLogMel, nemoSeqLen } from '@dsp/mel'
import type { Tensor } from '@dsp/tensor'
import { maxAbs, TOLERANCES } from '../agreement.ts'
import type { Result, Work } from '../contestant.ts'
import { speech } from '../inputs.ts'
import { inProcess } from '../peers/in-process.ts'
import { parakeetJs } from '../peers/node-libraries.ts'
import { version } from '../version.ts'
import { type Context, INSTALL } from './context.ts'

/** NeMo's front end on a minute of speech, as Parakeet's models take it. */
export function nemoWorks(context: Context): Work[] {
  const { samples } = speech(context)
  return [128, 80].map((features) => {
    const options: Partial<NemoOptions> = { windowSize: 0.025, features, padTo: 0 }
    const valid = nemoSeqLen(samples.length, options)
    return {
      id: `nemo-${features}`,
      title: `NeMo's log mel of 60 s of speech, ${features} bands`,
      detail: `60 s of read English at 16 kHz (LibriSpeech) to ${valid} frames, each band normalised over time, float32. Frames that hold padding, which ours returns as NeMo does, are not compared.`,
      units: 1,
      unit: 'minute of speech',
      audioSeconds: 60,
      ours: {
        name: '@dsp/mel',
        call: `nemoLogMel, features ${features}`,
        prepare: () =>
          inProcess(
            version('mel'),
            () => nemoLogMel(samples, options),
            (tensor) => firstColumns(tensor, valid),
          ),
      },
      peers: [
        {
          name: 'parakeet.js',
          call: 'JsPreprocessor (JavaScript)',
          install: INSTALL,
          prepare: () => parakeetJs(samples, features),
        },
      ],
      agree: maxAbs(TOLERANCES.nemo),
      exact: () => firstColumns(nemoLogMel(Float64Array.from(samples), options), valid),
      goals: [{ peer: 'parakeet.js', ratio: 10 }],
    }
  })
}

function firstColumns<T extends Float32Array | Float64Array>({ data, shape }: Tensor<T>, count: number): Result {
  const [rows, columns] = shape as [number, number]
  const kept = data.slice(0, rows * count)
  for (let row = 0; row < rows; row++) kept.set(data.subarray(row * columns, row * columns + count), row * count)
  return { shape: [rows, count], data: kept }
}
