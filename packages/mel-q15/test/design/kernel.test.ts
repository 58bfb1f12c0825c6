// Designs with the very kernel, as compiled for this machine: text, fifos and descriptors around it change no byte.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import { type AieDesignOptions, aieDesign } from '../../src/index.js'
import { runDesign, scratch, toolsOrSkip } from './tools.js'

const work = scratch()
const folder = join(repositoryRoot(), 'native/aie/kernel')
/** All but the entry of a tile, which needs a generated header. */
const kernel = readdirSync(folder)
  .filter((name) => name.endsWith('.c') && name !== 'mel_q15_tile.c')
  .map((name) => join(folder, name))

/** A tile's entry with a bank of triangles, each over 2 width - 1 bins, one width apart. */
function tile({ framesPerCall = 8, filters = 80 }: AieDesignOptions, transform: 400 | 512, format: string): string {
  const width = Math.floor(transform / 2 / (filters + 1))
  const rising = Array.from({ length: width }, (_, i) => Math.round((32767 * (i + 1)) / width))
  const slopes = [...rising, ...rising.slice(0, -1).reverse()]
  const records = Array.from({ length: filters }, (_, i) => {
    const start = 1 + i * width
    return `{${start}, ${start + width}, ${start + slopes.length}, ${width}, ${slopes.length - width}, ${i * slopes.length}}`
  })
  const coefficients = records.flatMap(() => slopes)
  return [
    '#include <stdlib.h>',
    '#include "mel_q15.h"',
    `static const struct mel_q15_filter filters[] = {${records.join(', ')}};`,
    `static const int16_t coefficients[] = {${coefficients.join(', ')}};`,
    `static const uint8_t shifts[${filters}];`,
    'static const struct mel_q15_config config = {',
    `  &mel_q15_transform_${transform}, filters, coefficients, shifts, ${filters}, ${coefficients.length}, MEL_Q15_FIRST_GAIN,`,
    `  MEL_Q15_POWER, MEL_Q15_${format}};`,
    'void mel_q15_tile(const int16_t *frames, int8_t *out);',
    'void mel_q15_tile(const int16_t *frames, int8_t *out) {',
    '  if (mel_q15_check(&config) != MEL_Q15_OK) abort();',
    `  if (mel_q15_run(&config, frames, out, ${framesPerCall}) != MEL_Q15_OK) abort();`,
    '}',
    '',
  ].join('\n')
}

/** A tone that rises, with silence behind it, as int16 samples of a machine whose order is little-endian. */
function sound(samples: number): Buffer {
  const bytes = Buffer.alloc(samples * 2)
  for (let i = 0; i < samples * 0.8; i++) bytes.writeInt16LE(Math.round(12000 * Math.sin(i * i * 2e-6)), i * 2)
  return bytes
}

describe('the lowered design with the kernel', () => {
  const DESIGNS: [name: string, transform: 400 | 512, format: string, options: AieDesignOptions][] = [
    ['one core', 400, 'LOG2_INT8', { columns: 1, coresPerColumn: 1, frames: 300 }],
    ['4 x 4 cores', 400, 'LOG2_INT8', { frames: 3000 }],
    [
      '2 x 3 cores, int16, the older syntax',
      512,
      'LOG2_INT16',
      { columns: 2, coresPerColumn: 3, frames: 501, output: 'int16', mlirAie: '2026-early' },
    ],
    [
      '3 x 2 cores, 5 frames a call',
      512,
      'LINEAR_INT8',
      { columns: 3, coresPerColumn: 2, frames: 777, framesPerCall: 5, filters: 40 },
    ],
  ]
  for (const [name, transform, format, options] of DESIGNS) {
    it(`gives its bytes: ${name}, ${format}`, { timeout: 300_000 }, (context) => {
      const python = toolsOrSkip(context)
      const { text, plan } = aieDesign(options)
      const [entry, audio, features] = ['tile.c', 'audio.raw', 'features.bin'].map((file) =>
        work(`${transform}-${file}`),
      )
      writeFileSync(entry!, tile(options, transform, format))
      writeFileSync(audio!, sound(((options.frames ?? 3000) - 1) * 160 + 400))
      const run = (more: string[]) =>
        runDesign(python, text, work('design.mlir'), {
          kernel: [entry!, ...kernel],
          flags: [`-I${folder}`],
          args: ['--frames', `${options.frames}`, ...more],
        })
      const expected = {
        status: 0,
        output: `${plan.outputBytes} bytes of features equal the kernel's own, in each of 3 runs\n`,
      }
      expect(run([])).toEqual(expected)
      expect(run(['--audio', audio!, '--features', features!])).toEqual(expected)
      const bytes = readFileSync(features!)
      expect(bytes.length).toBe(plan.outputBytes)
      // the tone is in it, and it moves
      expect(new Set(bytes).size).toBeGreaterThan(10)
    })
  }
})
