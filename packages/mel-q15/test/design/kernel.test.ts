// Designs with the very kernel and the generated banks, compiled for this machine: what comes out of the fifos is what the
// reference computes.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { noise, repositoryRoot } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import {
  type AieDesignOptions,
  aieDesign,
  aieDesignOptionSpecs,
  coefficientsHeader,
  melQ15,
  type Q15Output,
  type Q15Profile,
  q15Bank,
  q15Profiles,
} from '../../src/index.js'
import { runDesign, scratch, toolsOrSkip } from './tools.js'

const work = scratch()
const folder = join(repositoryRoot(), 'native/aie/kernel')
/** All but the entry of a tile, which is written below. */
const kernel = readdirSync(folder)
  .filter((name) => name.endsWith('.c') && name !== 'mel_q15_tile.c')
  .map((name) => join(folder, name))

const FORMATS: Readonly<Record<Q15Output, string>> = {
  'log2-int8': 'MEL_Q15_LOG2_INT8',
  'log2-int16': 'MEL_Q15_LOG2_INT16',
  'linear-int8': 'MEL_Q15_LINEAR_INT8',
}

/** Writes a tile's entry with a profile's bank; answers the file's path. */
function tile(profile: Q15Profile, output: Q15Output, framesPerCall: number): string {
  const place = work(profile)
  mkdirSync(place, { recursive: true })
  writeFileSync(join(place, 'mel_filterbank_coeffs.h'), coefficientsHeader(q15Bank({ profile })))
  const path = join(place, 'tile.c')
  writeFileSync(
    path,
    [
      '#include <stdlib.h>',
      '#include "mel_q15.h"',
      '#include "mel_filterbank_coeffs.h"',
      `static const struct mel_q15_config config = MEL_FILTERBANK_CONFIG(${FORMATS[output]});`,
      'void mel_q15_tile(const int16_t *frames, int8_t *out);',
      'void mel_q15_tile(const int16_t *frames, int8_t *out) {',
      '  if (mel_q15_check(&config) != MEL_Q15_OK) abort();',
      `  if (mel_q15_run(&config, frames, out, ${framesPerCall}) != MEL_Q15_OK) abort();`,
      '}',
      '',
    ].join('\n'),
  )
  return path
}

/** A tone that rises, with noise and then silence behind it. */
function sound(samples: number): Int16Array {
  const hiss = noise(samples, 3, 0.05)
  const tone = (i: number) => 12000 * Math.sin(i * i * 2e-6) + 30000 * hiss[i]!
  return Int16Array.from({ length: samples }, (_, i) => (i < samples * 0.8 ? Math.round(tone(i)) : 0))
}

describe('the lowered design with the kernel', () => {
  const DESIGNS: [name: string, profile: Q15Profile, output: Q15Output, options: AieDesignOptions][] = [
    ['one core', 'whisper', 'log2-int8', { columns: 1, coresPerColumn: 1, frames: 300 }],
    ['4 x 4 cores', 'whisper', 'log2-int8', { frames: 3000 }],
    [
      '2 x 3 cores, the older syntax',
      'whisper-512',
      'log2-int16',
      { columns: 2, coresPerColumn: 3, frames: 501, output: 'int16', mlirAie: '2026-early' },
    ],
    [
      '3 x 2 cores, 5 frames a call',
      'classic-fixed',
      'linear-int8',
      { columns: 3, coresPerColumn: 2, frames: 777, framesPerCall: 5 },
    ],
  ]
  for (const [name, profile, output, options] of DESIGNS) {
    it(`gives the reference's codes: ${name}, ${profile}, ${output}`, { timeout: 300_000 }, (context) => {
      const python = toolsOrSkip(context)
      const { text, plan, options: resolved } = aieDesign(options)
      const { frames, framesPerCall, filters } = resolved
      const audio = sound((frames - 1) * 160 + 400)
      const [given, features] = [work('audio.raw'), work('features.bin')]
      writeFileSync(given, audio)
      const outcome = runDesign(python, text, work('design.mlir'), {
        kernel: [tile(profile, output, framesPerCall), ...kernel],
        flags: [`-I${folder}`],
        args: ['--frames', `${frames}`, '--audio', given, '--features', features],
      })
      expect(outcome).toEqual({
        status: 0,
        output: `${plan.outputBytes} bytes of features equal the kernel's own, in each of 3 runs\n`,
      })
      const signal = Float32Array.from(audio, (sample) => sample / 32768)
      const reference = melQ15(signal, { profile, output, center: false })
      expect(reference.shape).toEqual([frames, filters])
      const { data } = reference
      expect(new Set(data).size).toBeGreaterThan(10)
      const bytes = readFileSync(features)
      expect(bytes.length).toBe(plan.outputBytes)
      expect(bytes.subarray(0, data.byteLength)).toEqual(Buffer.from(data.buffer, data.byteOffset, data.byteLength))
    })
  }

  it('has tables that the default budget holds, in every profile', ({ skip }) => {
    if (spawnSync('size', ['--version']).status !== 0) skip('binutils are not installed')
    for (const profile of q15Profiles) {
      const { transform } = q15Bank({ profile })
      const sources = [tile(profile, 'log2-int8', 8), ...kernel.filter((path) => !/_(400|512|aie2)\.c$/.test(path))]
      sources.push(join(folder, `mel_q15_${transform}.c`))
      const object = work(`${profile}.o`)
      const built = spawnSync('cc', ['-Os', '-r', '-nostdlib', '-fno-pic', `-I${folder}`, ...sources, '-o', object], {
        encoding: 'utf8',
      })
      expect(built.stderr).toBe('')
      const sections = spawnSync('size', ['-A', object], { encoding: 'utf8' }).stdout
      const tables = [...sections.matchAll(/^\.(?:ro)?data\S*\s+(\d+)/gm)].reduce(
        (sum, [, bytes]) => sum + Number(bytes),
        0,
      )
      expect(tables).toBeGreaterThan(10_000)
      expect(tables).toBeLessThanOrEqual(aieDesignOptionSpecs.constantBytes.default)
    }
  })
})
