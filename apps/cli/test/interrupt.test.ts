import { readFileSync, writeFileSync } from 'node:fs'
import { readNpy } from '@dsp/tensor'
import { expect, it } from 'vitest'
import { dsp, scratch, tone, wav } from './helpers.js'

it('an interrupt leaves the whole result or nothing', async () => {
  const work = scratch()
  writeFileSync(work.in('long.wav'), wav([tone(120)]))
  const args = ['features', 'long.wav', '--kind', 'stft', '--set', 'hopLength=64', '--out', 'x.npy']
  for (const delay of [60, 150, 250, 350, 450, 600, 800]) {
    const { signal, code } = await dsp(work.path, args, delay)
    expect(signal === 'SIGINT' || code === 0 || code === 130).toBe(true)
    const files = work.list()
    expect(['long.wav', 'long.wav,x.npy']).toContain(files.join())
    if (files.length === 2) expect(readNpy(readFileSync(work.in('x.npy'))).shape).toEqual([1025, 30001])
  }
})
