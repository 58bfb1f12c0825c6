import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeWav } from '@dsp/audio'
import { tensor } from '@dsp/tensor'
import { noise } from '@dsp/tensor/testing'
import { expect, it } from 'vitest'

const child = fileURLToPath(new URL('long-child.mjs', import.meta.url))
/** How much more memory two hours may take than four minutes: what the collector leaves for later. */
const MORE = 100e6

it('embeds two hours in the memory of four minutes', { timeout: 600_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'dsp-long-'))
  try {
    const peakOf = (minutes: number) => {
      const path = join(folder, `${minutes}.wav`)
      writeMinutes(path, minutes)
      const found = JSON.parse(execFileSync(process.execPath, [child, path], { encoding: 'utf8' }))
      expect(found.seconds).toBeCloseTo(60 * minutes, 6)
      expect(found.speechSeconds).toBeGreaterThan(50 * minutes)
      return found.peak
    }
    expect(peakOf(120) - peakOf(4)).toBeLessThan(MORE)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

/** So many minutes of noise in bursts, at 8 kHz in 16 bits. */
function writeMinutes(path: string, minutes: number): void {
  const rate = 8000
  const minute = noise(60 * rate, 3, 0.3).map((x, i) => (i % rate < 0.9 * rate ? x : x * 1e-4))
  const wav = Buffer.from(writeWav({ samples: tensor(minute), sampleRate: rate }, { encoding: 'int16' }))
  const at = wav.indexOf('data') + 8
  const [header, data] = [Buffer.from(wav.subarray(0, at)), wav.subarray(at)]
  header.writeUInt32LE(at - 8 + minutes * data.length, 4)
  header.writeUInt32LE(minutes * data.length, at - 4)
  const file = openSync(path, 'w')
  writeSync(file, header)
  for (let i = 0; i < minutes; i++) writeSync(file, data)
  closeSync(file)
}
