import { modelError } from '@dsp/onnx'
import { show } from '@dsp/tensor'
import type { ModelConfig, ModelKind } from './config.js'
import type { Networks } from './session.js'

/** Values of the metadata `model_type`. */
const ICEFALL = ['conformer', 'zipformer', 'zipformer2']
const NEMO_RNNT = ['EncDecRNNTBPEModel', 'EncDecHybridRNNTCTCBPEModel']
const NEMO_CTC = ['EncDecCTCModelBPE', 'EncDecCTCModel', 'EncDecHybridRNNTCTCBPEModel']

/** What kind of model the networks are, by the metadata `model_type` and config.json. */
export function modelKind({ encoder, decoder, joiner }: Networks, config: ModelConfig): ModelKind {
  const type = encoder.header.metadata.get('model_type')
  const transducer = decoder !== undefined && joiner !== undefined
  let found: ModelKind | undefined
  if (type === undefined) found = config.modelType
  else if (transducer)
    found = ICEFALL.includes(type) ? 'transducer' : NEMO_RNNT.includes(type) ? 'nemo-transducer' : undefined
  else found = type === 'zipformer2_ctc' ? 'zipformer-ctc' : NEMO_CTC.includes(type) ? 'nemo-ctc' : undefined
  const expected = transducer
    ? [...ICEFALL, ...NEMO_RNNT].join(', ')
    : [...new Set(['zipformer2_ctc', ...NEMO_CTC])].join(', ')
  if (found === undefined) {
    throw modelError(
      type === undefined
        ? `${encoder.name} has no metadata model_type and there is no modelType in config.json: add one of ${expected} to the model`
        : `the model_type of ${encoder.name} is ${show(type)}, which is not supported: expected one of ${expected}`,
      'model_type',
      expected,
      type ?? 'none',
    )
  }
  if (encoder.wholeNumber('is_giga_am') === 1) {
    throw modelError(`${encoder.name} is a GigaAM model, whose features are not supported`, 'is_giga_am', '0', '1')
  }
  if (config.modelType !== undefined && config.modelType !== found) {
    throw modelError(
      `the model contradicts itself: modelType is ${show(config.modelType)} in config.json but model_type ${show(type)} of ${encoder.name} means ${show(found)}`,
      'modelType',
      `${show(found)} (${encoder.name})`,
      `${show(config.modelType)} (config.json)`,
    )
  }
  if (transducer !== found.endsWith('transducer')) {
    throw modelError(
      `modelType is ${show(found)} in config.json, but the directory holds ${transducer ? 'a transducer' : 'a single network'}`,
      'modelType',
      transducer ? 'a transducer' : 'a CTC model',
      found,
    )
  }
  return found
}
