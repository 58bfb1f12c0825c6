import { availableParallelism } from 'node:os'
import { mostlyRelative, mostlyWithin, TOLERANCES } from '../agreement.ts'
import type { Contestant, Work } from '../contestant.ts'
import { speech } from '../inputs.ts'
import { checkChromium, inChromium } from '../peers/chromium.ts'
import { inProcess } from '../peers/in-process.ts'
import { checkBuilt, inNode, type Name } from '../peers/webassembly.ts'
import type { Call } from '../peers/webassembly-page.ts'
import { BATCH, FUNCTIONS } from '../peers/webassembly-work.ts'
import { version } from '../version.ts'
import type { Context } from './context.ts'

const TITLES: Record<Name, [title: string, of: string, agree: Work['agree']]> = {
  fbank: ['Kaldi fbank of 60 s of speech', 'mel-kaldi', mostlyWithin(TOLERANCES.fbank)],
  yin: ['YIN of 60 s of speech', 'yin', mostlyRelative(TOLERANCES.pitch)],
  whisper: ["Whisper's log mel of 60 s of speech", 'mel', mostlyWithin(TOLERANCES.whisper)],
}
const SPEECH = '60 s of read English at 16 kHz, float32'
/** What all of these works count in. */
const MINUTES = { unit: 'minute of speech', audioSeconds: 60 }

/** The native build beside the WebAssembly one, in Node.js and in Chromium. */
export function browserWorks(context: Context): Work[] {
  const { samples } = speech(context)
  return (Object.keys(TITLES) as Name[]).map((name) => {
    const [title, of, agree] = TITLES[name]
    return {
      id: `browser-${name}`,
      title,
      detail: `${SPEECH}, one thread; the same TypeScript with either binding.`,
      units: 1,
      ...MINUTES,
      ours: {
        name: 'native',
        call: 'Node.js',
        prepare: () =>
          inProcess(
            version(of),
            () => FUNCTIONS[name](samples),
            ({ data, shape }) => ({ data, shape }),
          ),
      },
      peers: [
        { name: 'WebAssembly', call: 'Node.js', prepare: () => inNode(context, name, samples) },
        { name: 'WebAssembly in Chromium', call: 'page', prepare: () => inChromium(context, name, samples) },
      ],
      agree,
      goals: [],
    }
  })
}

const THREADED: Record<string, [title: string, call: Call, agree: Work['agree'], minutes: number]> = {
  fbank: [TITLES.fbank[0], 'fbankAsync', TITLES.fbank[2], 1],
  yin: [TITLES.yin[0], 'yinAsync', TITLES.yin[2], 1],
  whisper: [TITLES.whisper[0], 'whisperLogMelAsync', TITLES.whisper[2], 1],
  batch: [`Kaldi fbank of ${BATCH} × 60 s of speech, a batch`, 'fbankBatchAsync', TITLES.fbank[2], BATCH],
}
/** As many threads as the build with threads takes by itself. */
const MOST_THREADS = 8

/**
 * The WebAssembly build without threads beside the one with them, on one and on as many as the machine has processors.
 * Throws where there is no Chromium or no build at all: it is ours that is missing then.
 */
export function browserThreadsWorks(context: Context): Work[] {
  checkChromium()
  checkBuilt()
  const { samples } = speech(context)
  const counts = [...new Set([1, Math.min(availableParallelism(), MOST_THREADS)])]
  return Object.entries(THREADED).map(([id, [title, call, agree, units]]) => {
    const contestant = (name: string, threads: number): Contestant => ({
      name,
      call,
      prepare: () => inChromium(context, call, samples, threads),
    })
    return {
      id: `browser-threads-${id}`,
      title,
      detail: `${SPEECH}, in pages of one Chromium: the default build, which has no threads, beside the build with threads.`,
      units,
      ...MINUTES,
      ours: contestant('without threads', 0),
      peers: counts.map((threads) => contestant(threads === 1 ? '1 thread' : `${threads} threads`, threads)),
      agree,
      goals: [],
    }
  })
}
