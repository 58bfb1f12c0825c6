import { fuzz, fuzzInputs, fuzzRow } from '@dsp/tensor/testing'
import { expect, it } from 'vitest'
import { readOnnxHeader } from '../src/index.js'
import { DOUBLE, field, metadataEntry } from './model.js'

const seeds = [
  DOUBLE,
  [...metadataEntry('a', 'b'), ...DOUBLE, ...metadataEntry('long', 'x'.repeat(300))],
  [...field(1, 8), ...field(7, [...DOUBLE]), ...metadataEntry('after', 'the graph')],
].map((bytes) => Uint8Array.from(bytes))

it('the header of hostile bytes: no crash, no waste, no waiting', { timeout: 1e8 }, async () => {
  const inputs = fuzzInputs()
  const figures = await fuzz({ name: 'onnx', seeds, parse: readOnnxHeader }, inputs)
  if (inputs > 2000) console.log(fuzzRow('onnx', figures))
  expect(figures.inputs).toBe(inputs)
  expect(figures.accepted).toBeGreaterThan(inputs / 100)
  expect(figures.accepted).toBeLessThan(inputs)
})
