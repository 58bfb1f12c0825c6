import { messageOf, modelError } from '@dsp/onnx'
import { nodeModule } from '@dsp/signal'
import { DspError, show } from '@dsp/tensor'
import { folderOf, type ModelBytes, pathIn } from '../folder.js'
import { PASSPORT_FILE, PASSPORT_VERSION, type Passport } from './passport.js'

/** Most bytes that a passport has: one of 65,536 bins is smaller. */
const MAX_BYTES = 1 << 23

/**
 * Reads the passport `dsp.json` of a model directory.
 * @param directory - The model directory, or its files by name.
 * @returns The passport; null if the directory has none.
 * @throws DspError `ERR_DSP_MODEL` naming the entry that is wrong, if the file is damaged or of a version that is not known.
 *
 * @example
 * ```ts
 * import { readPassport } from '@dsp/asr'
 * const passport = await readPassport('models/an4')
 * passport?.frontEnd.kind // => 'fbank'
 * ```
 */
export async function readPassport(directory: string | URL | ModelBytes): Promise<Passport | null> {
  const folder = folderOf(directory)
  const path = pathIn(folder, PASSPORT_FILE)
  const unreadable = (why: string, cause?: unknown) =>
    modelError(`${path} cannot be read: ${why}`, PASSPORT_FILE, 'a readable file', '', cause)
  if (typeof folder !== 'string') {
    const bytes = folder[PASSPORT_FILE]
    return bytes === undefined ? null : parsePassport(new TextDecoder().decode(bytes), path)
  }
  const { readFile, stat } = nodeModule<typeof import('node:fs/promises')>('node:fs/promises')
  try {
    // checked first: reading a named pipe would wait for a writer
    const info = await stat(path)
    if (!info.isFile()) throw unreadable('it is not a file')
    if (info.size > MAX_BYTES) throw unreadable(`its ${info.size} bytes are too many for a passport`)
    return parsePassport(await readFile(path, 'utf8'), path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error instanceof DspError ? error : unreadable(messageOf(error), error)
  }
}

/**
 * Checks the text of a passport.
 * @param text - The text of a `dsp.json`.
 * @param path - Its name, for messages. Default `dsp.json`.
 * @throws DspError `ERR_DSP_MODEL` naming the entry that is wrong.
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import { parsePassport } from '@dsp/asr'
 * parsePassport(readFileSync('models/an4/dsp.json', 'utf8')).features.mean.length // => 80
 * ```
 */
export function parsePassport(text: string, path: string = PASSPORT_FILE): Passport {
  const wrong = (name: string, expected: string, actual: unknown, cause?: unknown) =>
    modelError(
      `${path} is no passport that can be read: ${name} must be ${expected}, got ${show(actual)}. \`dsp passport\` makes a new one, and the option passport=false does without`,
      name,
      expected,
      actual,
      cause,
    )
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw wrong('the file', 'JSON', messageOf(error), error)
  }
  const at = (name: string): unknown =>
    name.split('.').reduce<unknown>((value, key) => {
      const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, key)
      return isThere ? (value as Record<string, unknown>)[key] : undefined
    }, json)
  const check = (name: string, isRight: (value: unknown) => boolean, expected: string) => {
    if (!isRight(at(name))) throw wrong(name, expected, at(name))
  }
  const isNumber = (value: unknown) => typeof value === 'number' && Number.isFinite(value)
  const isDeviation = (value: unknown) => isNumber(value) && (value as number) >= 0
  const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) > 0
  const numbers = (name: string, isRight: (value: unknown) => boolean, expected: string) =>
    check(name, (value) => Array.isArray(value) && value.length === bins && value.every(isRight), expected)

  check('format', (value) => value === 'dsp-passport', '"dsp-passport"')
  check('version', (value) => value === PASSPORT_VERSION, `${PASSPORT_VERSION}, the version known here`)
  check('sampleRate', isCount, 'a whole number above 0')
  check('frontEnd.kind', (value) => ['fbank', 'nemo', 'raw'].includes(value as string), '"fbank", "nemo" or "raw"')
  const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)
  check('frontEnd.options', isObject, 'an object')
  check('frontEnd.logZeroGuard', (value) => value === null || isDeviation(value), 'a number of at least 0, or null')
  check('normalize', (value) => value === 'none' || value === 'per_feature', '"none" or "per_feature"')
  check('features.frames', isCount, 'a whole number above 0')
  check('features.mean', (value) => Array.isArray(value) && value.length > 0, 'a list of numbers')
  const bins = (at('features.mean') as unknown[]).length
  check('recordings.count', isCount, 'a whole number above 0')
  for (const name of ['features.mean', 'recordings.shape.mean']) numbers(name, isNumber, `a list of ${bins} numbers`)
  for (const name of ['features.std', 'recordings.shape.std']) {
    numbers(name, isDeviation, `a list of ${bins} numbers of at least 0`)
  }
  const pairs = ['recordings.level', 'recordings.spread']
  const isShare = (value: unknown) => isDeviation(value) && (value as number) <= 1
  check('recordings.blanks', (value) => value === null || isObject(value), 'an object, or null')
  if (at('recordings.blanks') !== null) {
    pairs.push('recordings.blanks')
    check('recordings.blanks.mean', isShare, 'a number from 0 to 1')
  }
  for (const name of pairs) {
    check(`${name}.mean`, isNumber, 'a number')
    check(`${name}.std`, isDeviation, 'a number of at least 0')
  }
  return json as Passport
}

/**
 * A passport as the text of a `dsp.json`.
 * @param passport - The passport.
 *
 * @example
 * ```ts
 * import { formatPassport, parsePassport, readPassport } from '@dsp/asr'
 * const passport = await readPassport('models/an4')
 * if (passport === null) throw new Error('the model has no passport')
 * parsePassport(formatPassport(passport)).recordings.count === passport.recordings.count // => true
 * ```
 */
export function formatPassport(passport: Passport): string {
  const text = JSON.stringify(passport, undefined, 2)
  // each list on one line
  return `${text.replace(/\[\s+([^[\]{}]*?)\s+\]/g, (_, list: string) => `[${list.replace(/\s+/g, ' ')}]`)}\n`
}
