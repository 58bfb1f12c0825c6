import { ARGUMENTS, BLOCK } from './arguments.ts'

/** A function of a package, or a stream, ready to be called any number of times. */
export interface Call {
  /** Name as it is exported. */
  readonly name: string
  /** Whether it is a stream. */
  readonly isStream: boolean
  /** Calls it once; a stream is opened, fed and ended. */
  once(): unknown
}

type Exports = Readonly<Record<string, unknown>>
type Callable = (...given: readonly unknown[]) => unknown
interface Stream {
  accept(block: Float32Array): unknown
  flush(): unknown
}

/** Packages are loaded only on demand. */
const PACKAGES: Readonly<Record<string, () => Promise<Exports>>> = {
  hpss: () => import('@dsp/hpss'),
  yin: () => import('@dsp/yin'),
  chroma: () => import('@dsp/chroma'),
  mel: () => import('@dsp/mel'),
  fft: () => import('@dsp/fft'),
  'mel-kaldi': () => import('@dsp/mel-kaldi'),
  audio: () => import('@dsp/audio'),
  sincnet: () => import('@dsp/sincnet'),
}

/** Packages whose every function is called; of the others, those that {@link ARGUMENTS} names. */
export const WHOLE: readonly string[] = ['hpss', 'yin', 'chroma', 'mel']

/** The packages that there are calls of. */
export const FOLDERS: readonly string[] = Object.keys(PACKAGES)

/**
 * How a process that looks at its memory is started: V8's space for new objects stays small, and glibc returns what was freed
 * instead of keeping it for later, so that what is resident is what is held.
 */
export const NODE_FLAGS: readonly string[] = ['--expose-gc', '--max-semi-space-size=1']
/** The same, of the environment. */
export const FRUGAL = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '65536', MALLOC_TRIM_THRESHOLD_: '65536' }

/** The functions of a package, also their Async and batch forms, and its streams. */
export async function callsOf(folder: string): Promise<Call[]> {
  const exported = await PACKAGES[folder]!()
  const given = ARGUMENTS[folder]!
  const names = Object.keys(exported).filter((name) => typeof exported[name] === 'function')
  const calls: Call[] = []
  for (const name of names.sort()) {
    const base = name.replace(/(Batch)?(Async)?$/, '')
    const called = given[name] ?? given[base]
    if (called === undefined) {
      if (WHOLE.includes(folder)) throw new Error(`@dsp/${folder} exports ${name}, which has no arguments here`)
      continue
    }
    const [first, ...rest] = called
    const all = name !== base && /Batch/.test(name) ? [[first, first], ...rest] : called
    const isStream = name.startsWith('Online')
    calls.push({ name, isStream, once: once(exported[name] as Callable, isStream, all) })
  }
  return calls
}

function once(exported: Callable, isStream: boolean, all: readonly unknown[]): () => unknown {
  if (!isStream) return () => exported(...all)
  const Stream = exported as unknown as new (...given: readonly unknown[]) => Stream
  return () => {
    const stream = new Stream(...all)
    return [stream.accept(BLOCK), stream.flush()]
  }
}
