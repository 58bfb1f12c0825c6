import { join } from 'node:path'
import { maxAbs } from '../agreement.ts'
import type { Work } from '../contestant.ts'
import { track } from '../inputs.ts'
import { OURS } from '../ours.ts'
import { PeerProcess } from '../peers/process.ts'
import type { Context } from './context.ts'

/** Ours on two threads against ours on one: the pool is as large as its process is told, so each has its own. */
export function threadsWorks(context: Context): Work[] {
  const rate = 22050
  const { path } = track(context, 240, rate)
  const worker = [process.execPath, join(import.meta.dirname, 'own-worker.js')]
  const [two, one] = [2, 1].map((threads) => new PeerProcess(worker, context.folder, threads))
  context.closing.push(two!, one!)
  return Object.entries(OURS).map(([name, { folder, call }]) => ({
    id: `threads-${name.replace('_', '-')}`,
    title: `${call.split(',')[0]} of 240 s on two threads`,
    detail: `One channel of music at ${rate / 1000} kHz through the Async form, in a process with a pool of two threads and in one with a pool of one.`,
    units: 1,
    unit: '240 s',
    audioSeconds: 240,
    ours: {
      name: `@dsp/${folder}, two threads`,
      call: `${call.split(',')[0]}Async`,
      prepare: () => two!.prepare({ peer: name, params: { samples: path, rate } }),
    },
    peers: [
      {
        name: 'one thread',
        call: `${call.split(',')[0]}Async`,
        prepare: () => one!.prepare({ peer: name, params: { samples: path, rate } }),
      },
    ],
    // pyin's NaN equals nothing; that both pools give the same bits is what the packages' tests show.
    agree: name === 'pyin' ? () => ({ same: true, text: 'the same bits' }) : maxAbs(0),
    goals: [{ peer: 'one thread', ratio: 1.7 }],
  }))
}
