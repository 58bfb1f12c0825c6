import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tensor, writeNpz } from '@dsp/tensor'
import { describe, expect, it } from 'vitest'
import { eachBounded, WorkerPool } from '../src/analyze/pool.js'
import { isFinished, stampOf } from '../src/analyze/resume.js'
import { findTracks } from '../src/analyze/tracks.js'
import { scratch } from './helpers.js'

const work = scratch()
mkdirSync(work.in('music/live/b'), { recursive: true })
mkdirSync(work.in('empty'))
for (const name of ['z.wav', 'a.FLAC', 'notes.txt', 'cover.png', 'live/a.mp3', 'live/b/c.ogg', 'live/b/c.aiff']) {
  writeFileSync(work.in(`music/${name}`), 'x')
}
symlinkSync(work.in('music'), work.in('music/live/loop'))
writeFileSync(work.in('odd.bin'), 'x')

describe('the tracks of paths', () => {
  it('are files of any name and the sound files of folders, in order, each with its place', async () => {
    const { tracks, refused } = await findTracks([work.in('music'), work.in('odd.bin')], 'out')
    expect(refused).toEqual([])
    expect(tracks).toEqual([
      { path: work.in('music/a.FLAC'), output: join('out', 'a') },
      { path: work.in('music/live/a.mp3'), output: join('out', 'live', 'a') },
      { path: work.in('music/live/b/c.aiff'), output: join('out', 'live', 'b', 'c.aiff') },
      { path: work.in('music/live/b/c.ogg'), output: join('out', 'live', 'b', 'c.ogg') },
      { path: work.in('music/z.wav'), output: join('out', 'z') },
      { path: work.in('odd.bin'), output: join('out', 'odd') },
    ])
  })

  it('are each there once, and not there where they cannot be read', async () => {
    const { tracks, refused } = await findTracks(
      [work.in('odd.bin'), work.in('nothing'), `${work.path}/music/../odd.bin`, work.in('empty')],
      'out',
    )
    expect(tracks.length).toBe(1)
    expect(refused.map(({ path }) => path)).toEqual([work.in('nothing'), work.in('empty')])
  })

  it('have separate results', async () => {
    writeFileSync(work.in('z.wav'), 'x')
    const both = [work.in('z.wav'), work.in('music/z.wav')]
    await expect(findTracks(both, 'out')).rejects.toThrow(
      /z\.wav and .*z\.wav would both be written to out.z\.wav\.npz/,
    )
  })
})

describe('a track is finished', () => {
  const track = { path: work.in('odd.bin'), output: work.in('odd') }
  const stamp = JSON.stringify({ margin: 1, name: 'ö' })
  const [earlier, later] = [new Date(2020, 1, 1), new Date(2021, 1, 1)]

  function write(text: string, times = { npz: later, png: later, source: earlier }): void {
    writeFileSync(`${track.output}.npz`, writeNpz({ settings: stampOf(text), f0: tensor(new Float64Array(20_000)) }))
    writeFileSync(`${track.output}.png`, 'x')
    utimesSync(`${track.output}.npz`, times.npz, times.npz)
    utimesSync(`${track.output}.png`, times.png, times.png)
    utimesSync(track.path, times.source, times.source)
  }

  it('where its results are there, newer than it, of the same settings', async () => {
    expect(await isFinished(track, stamp)).toBe(false)
    write(stamp)
    expect(await isFinished(track, stamp)).toBe(true)
    expect(await isFinished(track, JSON.stringify({ margin: 2 }))).toBe(false)
    write(stamp, { npz: later, png: earlier, source: later })
    expect(await isFinished(track, stamp)).toBe(false)
  })

  it('and not if something else wrote the results', async () => {
    for (const bytes of ['', 'PK', writeNpz({ other: tensor(new Float32Array(9)) }), 'x'.repeat(100_000)]) {
      writeFileSync(`${track.output}.npz`, bytes)
      expect(await isFinished(track, stamp)).toBe(false)
    }
  })
})

describe('work on many things', () => {
  it('goes on a bounded number at a time, in order, over all of them', async () => {
    const order: number[] = []
    let [now, most] = [0, 0]
    await eachBounded(Array(20).keys(), 3, async (i) => {
      order.push(i)
      most = Math.max(most, ++now)
      await new Promise((resolve) => setTimeout(resolve, i % 3))
      now--
    })
    expect(order).toEqual([...Array(20).keys()])
    expect(most).toBe(3)
  })

  it('survives threads that fail and threads that die', async () => {
    writeFileSync(
      work.in('thread.mjs'),
      `import { parentPort, threadId } from 'node:worker_threads'
      parentPort.on('message', (job) => {
        if (job === 'die') process.exit(3)
        if (job === 'throw') throw new Error('thrown')
        parentPort.postMessage(job === 'fail' ? { ok: false, message: 'failed' } : { ok: true, result: threadId })
      })`,
    )
    const pool = new WorkerPool<string, number>(new URL(`file://${work.in('thread.mjs')}`))
    const first = await pool.run('work')
    await expect(pool.run('fail')).rejects.toThrow('failed')
    expect(await pool.run('work')).toBe(first)
    await expect(pool.run('die')).rejects.toThrow('ended with code 3')
    await expect(pool.run('throw')).rejects.toThrow('thrown')
    const both = await Promise.all([pool.run('work'), pool.run('work')])
    expect(new Set(both).size).toBe(2)
    await pool.close()
  })
})
