import { WorkerClient } from '@dsp/onnx'
import { findModelFiles } from './directory.js'
import type { Folder } from './folder.js'
import type { Decoder, Hypothesis } from './hypothesis.js'
import type { LoadedModel } from './load.js'
import type { Matrix } from './matrix.js'
import type { RecognizerOptions } from './options.js'
import type { Settings } from './settings.js'
import { Tokens } from './tokens.js'

/** What the worker is started with. */
export interface Start {
  readonly directory: Folder
  readonly options: RecognizerOptions
}

/** Runs a model's networks in a worker thread. */
class RemoteDecoder implements Decoder {
  constructor(private readonly client: WorkerClient<Settings, readonly Matrix[], Hypothesis[]>) {}

  decode(batch: readonly Matrix[], signal: AbortSignal | undefined): Promise<Hypothesis[]> {
    // copied one by one: features of one recording share memory, all of which would travel with each
    const copies = batch.map((matrix) => ({ ...matrix, data: matrix.data.slice() }))
    const transfer = copies.map(({ data }) => data.buffer)
    return this.client.request(copies, { transfer, ...(signal && { signal }) })
  }

  release(): Promise<void> {
    return this.client.close()
  }
}

/** Loads a model in a worker thread. */
export async function loadRemote(directory: Folder, options: RecognizerOptions): Promise<LoadedModel> {
  const files = await findModelFiles(directory, options.precision)
  const client = await WorkerClient.start<Settings, readonly Matrix[], Hypothesis[]>(
    new URL('./worker.js', import.meta.url),
    { directory, options } satisfies Start,
    'the recogniser',
  )
  try {
    return {
      settings: client.ready,
      tokens: await Tokens.read(directory, files.tokens),
      decoder: new RemoteDecoder(client),
    }
  } catch (error) {
    await client.close()
    throw error
  }
}
