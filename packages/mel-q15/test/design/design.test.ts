import { errorOf } from '@dsp/tensor/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AieDesignOptions, aieDesign, aieDesignOptionSpecs } from '../../src/index.js'
import { type Descriptor, type Design, indices, parts, read } from './reader.js'

const FRAME = 400

/** Sizes and strides as the shim DMA has them: 32-bit words, at most 1023 of the inner two sizes, 64 of the outermost. */
function expectLegal({ elements, bytes, offset, length, sizes, strides }: Descriptor): void {
  const words = (count: number) => (count * bytes) / 4
  const [inner, rows = 1, third = 1, outer = 1] = [...sizes].reverse()
  const isLinear = sizes.length === 1
  for (const count of [offset, length, inner!]) expect(words(count) % 1).toBe(0)
  expect(isLinear ? 0 : words(inner!)).toBeLessThanOrEqual(1023)
  expect(rows).toBeLessThanOrEqual(1023)
  expect(outer).toBeLessThanOrEqual(64)
  expect(length).toBe(inner! * rows * third * outer)
  expect(strides.at(-1)).toBe(1)
  for (const [i, stride] of strides.slice(0, -1).entries()) {
    expect(words(stride) % 1).toBe(0)
    expect(words(stride)).toBeLessThanOrEqual(2 ** 20)
    if (sizes[i]! > 1) expect(stride).toBeGreaterThan(0)
  }
  const last = sizes.reduce((sum, size, i) => sum + (size - 1) * strides[i]!, offset)
  expect(last).toBeLessThan(elements)
}

/** Follows every frame from the audio to its row of the features: each exactly once, and in its own place. */
function expectEveryFrameOnce(design: Design, options: { hopLength: number; filters: number; frames: number }): void {
  const { hopLength, filters, frames } = options
  const rows = new Map<number, number>()
  const problems: string[] = []
  const check = (holds: boolean, problem: string) => holds || problems.push(problem)
  const columns = [...design.tasks.keys()]
    .filter((name) => name.startsWith('audio_'))
    .map((name) => Number(name.slice(6)))
  for (const column of columns) {
    const audio = design.tasks.get(`audio_${column}`)!.flatMap(({ sizes, strides, offset }) => {
      check(sizes[0] === 1 && sizes[1] === 1 && sizes[3] === FRAME, `sizes ${sizes}`)
      return Array.from({ length: sizes[2]! }, (_, i) => (offset + i * strides[2]!) / hopLength)
    })
    const features = design.tasks.get(`features_${column}`)!.flatMap(({ offset, length }) => {
      check(offset % filters === 0 && length % filters === 0, `offset ${offset}, length ${length}`)
      return Array.from({ length: length / filters }, (_, i) => offset / filters + i)
    })
    const round = design.fifos.get(`audio_${column}`)!.elements / FRAME
    check(audio.length % round === 0, 'a part of a round')
    check(features.length === audio.length, 'features of other frames than there is audio of')
    const cores = parts(design, column)
    for (let start = 0; start < audio.length; start += round) {
      for (const part of cores) {
        const calls = part.in.elements / FRAME
        check(part.out.elements === calls * filters, `${part.tile}: object sizes`)
        for (let i = 0; i < calls; i++) {
          const row = features[start + part.to / filters + i]!
          check(!rows.has(row), `row ${row} twice`)
          rows.set(row, audio[start + part.from / FRAME + i]!)
        }
      }
    }
  }
  for (const [row, frame] of rows) check(frame === row && row < rows.size, `frame ${frame} in row ${row}`)
  check(rows.size >= frames, `${rows.size} rows`)
  expect(problems).toEqual([])
}

/** What each kind of tile has, added up from the text alone. */
function expectWithinTiles(design: Design, constantBytes: number): void {
  for (const [name, [column, row]] of design.tiles) {
    const ends = [...design.fifos.values()].filter(({ from, to }) => from === name || to === name)
    const into = ends.filter(({ to }) => to === name).length
    const bytes = ends.reduce((sum, fifo) => sum + fifo.depth * fifo.bytes, 0)
    if (row >= 2) {
      const { stack } = design.cores.find(({ tile }) => tile === name)!
      expect(stack + bytes + constantBytes).toBeLessThanOrEqual(65536)
      expect([into, ends.length - into]).toEqual([1, 1])
    } else if (row === 1) {
      expect(bytes / 2).toBeLessThanOrEqual(524288)
      expect(Math.max(into, ends.length - into)).toBeLessThanOrEqual(6)
    } else {
      const tasks = [...design.tasks].filter(([fifo]) => ends.some((end) => end.name === fifo))
      expect(tasks.reduce((sum, [, list]) => sum + list.length, 0)).toBeLessThanOrEqual(16)
      expect(Math.max(into, ends.length - into)).toBeLessThanOrEqual(2)
    }
    expect(column).toBeLessThan(design.device.startsWith('npu1') ? 4 : 8)
    expect(row).toBeLessThan(6)
  }
}

const drawn: fc.Arbitrary<AieDesignOptions> = fc.record({
  device: fc.constantFrom('npu1' as const, 'npu2' as const),
  columns: fc.integer({ min: 1, max: 8 }),
  coresPerColumn: fc.integer({ min: 1, max: 4 }),
  frames: fc.oneof(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 400, max: 140_000 })),
  framesPerCall: fc.oneof(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 1024 })),
  filters: fc.constantFrom(13, 23, 40, 64, 80, 128, 256),
  hopLength: fc.constantFrom(100, 160, 161, 200, 400, 512, 2 ** 21, 2 ** 21 + 2),
  output: fc.constantFrom('int8' as const, 'int16' as const),
  stackSize: fc.constantFrom(1024, 4096, 6144, 8192, 8224, 16384, 32768, 65536),
  constantBytes: fc.constantFrom(0, 4096, 8192, 20000, 40000),
  allocation: fc.constantFrom('basic-sequential' as const, 'bank-aware' as const),
  mlirAie: fc.constantFrom('2026-mid' as const, '2026-early' as const),
})

/** Reasons to refuse a design, worked out from the options and not as the planner does. */
function faults(o: Required<Omit<AieDesignOptions, 'kernel' | 'object'>>): string[] {
  const width = o.output === 'int8' ? 1 : 2
  const [audio, out] = [o.framesPerCall * FRAME * 2, o.framesPerCall * o.filters * width]
  const round = o.framesPerCall * o.coresPerColumn
  const perColumn = Math.ceil(Math.ceil(o.frames / round) / o.columns) * round
  const found: [boolean, string][] = [
    [o.columns > (o.device === 'npu1' ? 4 : 8), 'columns'],
    [o.hopLength % 2 === 1 || o.hopLength / 2 > 2 ** 20, 'hopLength'],
    [o.stackSize % (o.device === 'npu1' ? 32 : 64) > 0, 'stackSize'],
    [out % 4 > 0 || (o.allocation === 'bank-aware' && audio > 16384), 'framesPerCall'],
    [o.frames <= (o.columns - 1) * round, 'columns'],
    [o.stackSize + 2 * (audio + out) + o.constantBytes > 65536, 'memory'],
    [perColumn > 15 * 1023, 'frames'],
  ]
  return found.filter(([is]) => is).map(([, name]) => name)
}

describe('aieDesign', () => {
  it('writes designs that frame all audio exactly once, with descriptors and tiles within the limits', () => {
    let accepted = 0
    fc.assert(
      fc.property(drawn, (options) => {
        const resolved = { ...options } as Required<AieDesignOptions>
        let text: string
        try {
          text = aieDesign(options).text
        } catch (error) {
          expect(error).toMatchObject({ code: 'ERR_DSP_ARGUMENT' })
          return
        }
        accepted++
        expect(faults(resolved)).toEqual([])
        const design = read(text)
        expect(design.cores.length).toBe(options.columns! * options.coresPerColumn!)
        for (const list of design.tasks.values()) for (const descriptor of list) expectLegal(descriptor)
        expectEveryFrameOnce(design, resolved)
        expectWithinTiles(design, options.constantBytes!)
      }),
      { seed: 20261127, numRuns: 3000 },
    )
    expect(accepted).toBeGreaterThan(100)
  })

  it('accepts what leaves the banks some room, and names the option of everything else', () => {
    let [accepted, refused] = [0, 0]
    fc.assert(
      fc.property(drawn, (options) => {
        const resolved = options as Required<AieDesignOptions>
        const { framesPerCall, filters, frames, stackSize, constantBytes } = resolved
        const found = faults(resolved)
        // Banks leave gaps, which designs of this size have room for.
        const isRoomy = framesPerCall <= 10 && filters <= 128 && stackSize <= 8192 && constantBytes <= 8192
        if (found.length > 0) {
          refused++
          expect(Object.keys(aieDesignOptionSpecs)).toContain(errorOf(() => aieDesign(options)).argument)
        } else if (isRoomy && frames < 10_000) {
          accepted++
          aieDesign(options)
        }
      }),
      { seed: 7, numRuns: 10_000 },
    )
    expect(Math.min(accepted, refused)).toBeGreaterThan(150)
  })

  it('describes rows that a naive walk over the samples gives', () => {
    const { text } = aieDesign({ columns: 1, coresPerColumn: 1, frames: 24 })
    const [descriptor] = read(text).tasks.get('audio_0')!
    const expected = Array.from({ length: 24 * FRAME }, (_, i) => Math.floor(i / FRAME) * 160 + (i % FRAME))
    expect([...indices(descriptor!)]).toEqual(expected)
  })

  it.each([
    ['columns', { columns: 5 }],
    ['columns', { frames: 96 }],
    ['framesPerCall', { framesPerCall: 21 }],
    ['framesPerCall', { framesPerCall: 2, filters: 13, output: 'int8' }],
    ['framesPerCall', { framesPerCall: 20, filters: 600, constantBytes: 0, allocation: 'bank-aware' }],
    ['stackSize', { stackSize: 49152 }],
    ['stackSize', { stackSize: 8200 }],
    ['stackSize', { stackSize: 8224, device: 'npu2' }],
    ['constantBytes', { constantBytes: 45000 }],
    ['frames', { frames: 70_000 }],
    ['hopLength', { hopLength: 161 }],
    ['hopLength', { hopLength: 2 ** 21 + 2, frames: 128 }],
    ['kernel', { kernel: 'a b' }],
    ['object', { object: 'k.o"} evil' }],
  ] as const)('refuses what is beyond %s: %o', (argument, options) => {
    expect(errorOf(() => aieDesign(options))).toMatchObject({ code: 'ERR_DSP_ARGUMENT', argument })
  })

  it('leaves all of a core tile to the tables but for the stack and the fifos', () => {
    const { pieces } = aieDesign().coreMemory
    expect(pieces.map(({ name, offset }) => [name, offset])).toEqual([
      ...[
        ['stack', 0],
        ['in 0', 8192],
        ['in 1', 14592],
        ['out 0', 20992],
        ['out 1', 21632],
      ],
      ['constants', 22272],
    ])
    expect(errorOf(() => aieDesign({ allocation: 'bank-aware' }))).toMatchObject({ argument: 'constantBytes' })
  })

  it('keeps the buffers of a core apart, and each within a bank', () => {
    for (const framesPerCall of [1, 4, 8, 13, 20]) {
      const { coreMemory } = aieDesign({
        framesPerCall,
        output: 'int16',
        allocation: 'bank-aware',
        constantBytes: 8192,
      })
      let end = 0
      for (const { name, offset, bytes } of coreMemory.pieces) {
        expect(offset).toBeGreaterThanOrEqual(end)
        end = offset + bytes
        if (/^(in|out) /.test(name)) expect(Math.floor(offset / 16384)).toBe(Math.floor((end - 1) / 16384))
      }
      expect(end).toBeLessThanOrEqual(65536)
    }
  })

  it.each([
    ['npu1-1x1', { columns: 1, coresPerColumn: 1, frames: 3000 }],
    ['npu1-4x4', {}],
    ['npu1-2x3-early', { columns: 2, coresPerColumn: 3, frames: 1001, output: 'int16', mlirAie: '2026-early' }],
    ['npu2-8x4', { device: 'npu2', columns: 8, frames: 3000 }],
  ] as const)('writes %s.mlir as committed', async (name, options) => {
    await expect(aieDesign(options).text).toMatchFileSnapshot(`golden/${name}.mlir`)
  })
})
