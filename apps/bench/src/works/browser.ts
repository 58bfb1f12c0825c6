import { mostlyRelative, mostlyWithin, TOLERANCES } from '../agreement.ts'
import type { Work } from '../contestant.ts'
import { speech } from '../inputs.ts'
import { inProcess } from '../peers/in-process.ts'
import { inChromium, inNode, type Name } from '../peers/webassembly.ts'
import { FUNCTIONS } from '../peers/webassembly-work.ts'
import { version } from '../version.ts'
import type { Context } from './context.ts'

const TITLES: Record<Name, [title: string, of: string, agree: Work['agree']]> = {
  fbank: ['Kaldi fbank of 60 s of speech', 'mel-kaldi', mostlyWithin(TOLERANCES.fbank)],
  yin: ['YIN of 60 s of speech', 'yin', mostlyRelative(TOLERANCES.pitch)],
  whisper: ["Whisper's log mel of 60 s of speech", 'mel', mostlyWithin(TOLERANCES.whisper)],
}
const install = 'npm run build:wasm -w native/wasm'

/** The native build beside the WebAssembly one, in Node.js and in Chromium. */
export function browserWorks(context: Context): Work[] {
  const { samples } = speech(context)
  return (Object.keys(TITLES) as Name[]).map((name) => {
    const [title, of, agree] = TITLES[name]
    return {
      id: `browser-${name}`,
      title,
      detail: '60 s of read English at 16 kHz, float32, one thread; the same TypeScript with either binding.',
      units: 1,
      unit: 'minute of speech',
      audioSeconds: 60,
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
        { name: 'WebAssembly', call: 'Node.js', install, prepare: () => inNode(context, name, samples) },
        { name: 'WebAssembly in Chromium', call: 'page', install, prepare: () => inChromium(context, name, samples) },
      ],
      agree,
      goals: [],
    }
  })
}
