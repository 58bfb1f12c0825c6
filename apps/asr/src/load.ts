import { readModelConfig } from './config.js'
import { Ctc } from './ctc.js'
import { findModelFiles } from './directory.js'
import type { Folder } from './folder.js'
import type { Decoder } from './hypothesis.js'
import { NemoTransducer } from './nemo-transducer.js'
import type { RecognizerOptions } from './options.js'
import { Network } from './session.js'
import { resolveSettings, type Settings } from './settings.js'
import { Tokens } from './tokens.js'
import { Transducer } from './transducer.js'

/** A model, ready to run. */
export interface LoadedModel {
  readonly settings: Settings
  readonly tokens: Tokens
  readonly decoder: Decoder
}

/**
 * Loads the networks of a model directory and checks that its parts agree.
 * @param folder - The model directory.
 * @param options - Threads, precision, blank penalty.
 */
export async function loadModel(folder: Folder, options: RecognizerOptions): Promise<LoadedModel> {
  const files = await findModelFiles(folder, options.precision)
  const [tokens, config] = await Promise.all([Tokens.read(folder, files.tokens), readModelConfig(folder, files.config)])
  const loaded: Network[] = []
  const load = async (file: string) => {
    const network = await Network.load(file, options.numThreads, typeof folder === 'string' ? file : folder[file])
    loaded.push(network)
    return network
  }
  try {
    if (files.layout === 'ctc') {
      const encoder = await load(files.model)
      const settings = resolveSettings({ encoder }, tokens, config, options.features)
      return { settings, tokens, decoder: new Ctc(encoder, settings, options.blankPenalty) }
    }
    const encoder = await load(files.encoder)
    const predictor = await load(files.decoder)
    const joiner = await load(files.joiner)
    const settings = resolveSettings({ encoder, decoder: predictor, joiner }, tokens, config, options.features)
    const Kind = settings.kind === 'transducer' ? Transducer : NemoTransducer
    return { settings, tokens, decoder: new Kind(encoder, predictor, joiner, settings, options.blankPenalty) }
  } catch (error) {
    for (const network of loaded) await network.release()
    throw error
  }
}
