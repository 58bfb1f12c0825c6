// The designs as other tools understand them: xDSL parses and verifies them, and MLIR's own tools make programs of their cores,
// which run with a kernel on this machine. native/aie/design/README.md says what each of these proves.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type AieDesignOptions, aieDesign } from '../../src/index.js'
import { checks, pythonOrSkip, runDesign, scratch, script, toolsOrSkip } from './tools.js'

const work = scratch()

/** Every device, number of columns and cores, type and syntax; the sizes change along with them. */
function* matrix(): Generator<AieDesignOptions> {
  let i = 0
  for (const device of ['npu1', 'npu2'] as const)
    for (let columns = 1; columns <= (device === 'npu1' ? 4 : 8); columns++)
      for (let coresPerColumn = 1; coresPerColumn <= 4; coresPerColumn++)
        for (const output of ['int8', 'int16'] as const)
          for (const mlirAie of ['2026-mid', '2026-early'] as const) {
            const framesPerCall = [1, 8, 12, 16][i % 4]!
            const frames = columns * [640, 1001, 3000][i % 3]!
            const filters = [80, 40, 128][i % 3]!
            i++
            yield { device, columns, coresPerColumn, output, mlirAie, framesPerCall, frames, filters }
          }
}

/** A small design, changed in one place. */
const small: AieDesignOptions = { columns: 2, coresPerColumn: 2, frames: 96, framesPerCall: 4 }
function changed(from: string | RegExp, to: string, options: AieDesignOptions = {}): string {
  const { text } = aieDesign({ ...small, ...options })
  const result = text.replace(from, to)
  expect(result).not.toBe(text)
  return result
}

/** Faults that the text alone shows, and what check.py says of each. */
const FAULTS: [fault: string, from: string | RegExp, to: string, problem: RegExp][] = [
  ['a value that is not defined', '%features) :', '%nothing) :', /not defined: \[%nothing\]/],
  ['an unknown operation', 'aie.objectfifo.release', 'aie.objectfifo.relase', /relase/],
  [
    'a kernel of another type',
    '(memref<1600xi16>, memref<320xi8>) attr',
    '(memref<1600xi16>, memref<320xi16>) attr',
    /kernel|type/,
  ],
  ['a fifo that is not there', '@frames_0_2(Consume', '@frames_0_9(Consume', /no fifo @frames_0_9/],
  ['the wrong end of a fifo', '@frames_0_2(Consume', '@frames_0_2(Produce', /no such end/],
  ['the fifo of another core', 'acquire @frames_0_2', 'acquire @frames_0_3', /no such end/],
  ['an object that is kept', /\s+aie.objectfifo.release @mel_0_2.*/, '', /never released/],
  ['a tile outside the array', 'aie.tile(1, 0)', 'aie.tile(2, 0)', /no tile \(2, 0\)/],
  ['a scheme of allocation that is not there', 'basic-sequential', 'sequential', /allocation scheme sequential/],
  ['a tile twice', 'aie.tile(1, 0)', 'aie.tile(0, 0)', /a tile twice/],
  ['a split that leaves a gap', '[0, 1600])', '[0, 1604])', /must adjoin/],
  ['parts that overlap', '([0, 320] [])', '([0, 0] [])', /must adjoin/],
  [
    'a link in a core tile',
    '@frames_0_2(%memory_0, {%tile_0_2}',
    '@frames_0_2(%tile_0_3, {%tile_0_2}',
    /one memory tile/,
  ],
  ['a fifo that holds one object', '{%tile_0_2}, 2 : i32', '{%tile_0_2}, 1 : i32', /two objects/],
  ['no stack', ' {stack_size = 8192 : i32}', '', /larger stack/],
  ['a stack as large as the memory', 'stack_size = 8192', 'stack_size = 61440', /core tile is full/],
  ['no object file', ' attributes {link_with = "mel_q15.o"}', '', /no name/],
  ['a length that is not the sizes', 'len = 19200', 'len = 19600', /make up its length/],
  ['a stride of half words', '[0, 0, 160, 1]', '[0, 0, 159, 1]', /words/],
  [
    'too many rows',
    'len = 19200 sizes = [1, 1, 48, 400]',
    'len = 409600 sizes = [1, 1, 1024, 400]',
    /size is too large/,
  ],
  ['audio beyond the end', 'offset = 7680', 'offset = 7840', /leaves its buffer/],
  [
    'a part of an object',
    'len = 19200 sizes = [1, 1, 48, 400]',
    'len = 18800 sizes = [1, 1, 47, 400]',
    /whole objects/,
  ],
  ['features that nobody waits for', /\s+aiex.dma_await_task\(%out_1\)/, '', /uses of a task/],
  ['a wait for no token', ' {issue_token = true}', '', /uses of a task/],
  ['a task that is never started', /\s+aiex.dma_start_task\(%in_1\)/, '', /started once/],
  [
    'the wrong buffer',
    'aie.dma_bd(%features : memref<7680xi8>',
    'aie.dma_bd(%audio : memref<15600xi16>',
    /wrong buffer/,
  ],
]

describe('xDSL', () => {
  it('parses and verifies designs of all shapes', { timeout: 600_000 }, (context) => {
    const python = pythonOrSkip(context)
    const paths = [...matrix()].map((options, i) => {
      writeFileSync(work(`${i}.mlir`), aieDesign(options).text)
      return work(`${i}.mlir`)
    })
    const { status, output } = script(python, 'check.py', paths)
    expect(output.trimEnd().split('\n').at(-1)).toBe(`${paths.length} of 192 designs are valid`)
    expect(status).toBe(0)
  })

  it('finds faults', { timeout: 600_000 }, (context) => {
    const python = pythonOrSkip(context)
    const paths = FAULTS.map(([, from, to], i) => {
      writeFileSync(work(`fault-${i}.mlir`), changed(from, to))
      return work(`fault-${i}.mlir`)
    })
    const { status, output } = script(python, 'check.py', paths)
    expect(status).toBe(1)
    for (const [i, [fault, , , problem]] of FAULTS.entries()) {
      const [, told] = output.split(`${paths[i]}: `)
      expect(told?.split(/\n\S*fault-\d+\.mlir: |\n\d+ of/)[0], fault).toMatch(problem)
    }
  })
})

describe('the lowered design', () => {
  const run = (python: string, name: string, text: string, options: AieDesignOptions) => {
    const { framesPerCall = 8, filters = 80, output = 'int8', frames, hopLength = 160 } = options
    const flags = [`-DFRAMES_PER_CALL=${framesPerCall}`, `-DFILTERS=${filters}`, `-DOUTPUT=${output}_t`]
    const args = ['--frames', `${frames}`, '--hop', `${hopLength}`]
    return runDesign(python, text, work(`${name}.mlir`), { kernel: [join(checks, 'stand_in.c')], flags, args })
  }

  const DESIGNS: [name: string, options: AieDesignOptions][] = [
    ['one core', { columns: 1, coresPerColumn: 1, frames: 1000 }],
    ['one core, two descriptors', { columns: 1, coresPerColumn: 1, frames: 2040 }],
    ['4 x 4 cores', { frames: 3000 }],
    ['4 x 4 cores, frames that are no multiple of anything', { frames: 1001, framesPerCall: 3, filters: 40 }],
    [
      '3 x 3 cores, int16, the older syntax',
      { columns: 3, coresPerColumn: 3, frames: 997, output: 'int16', mlirAie: '2026-early' },
    ],
    ['one column, many descriptors', { columns: 1, coresPerColumn: 4, frames: 14_000, framesPerCall: 16 }],
    ['8 x 4 cores of npu2', { device: 'npu2', columns: 8, frames: 3000 }],
    ['another hop, one frame a call', { columns: 2, coresPerColumn: 2, frames: 50, framesPerCall: 1, hopLength: 200 }],
  ]
  for (const [name, options] of DESIGNS) {
    it(`gives the bytes of the kernel: ${name}`, { timeout: 300_000 }, (context) => {
      const python = toolsOrSkip(context)
      expect(run(python, name.replace(/\W+/g, '-'), aieDesign(options).text, options)).toEqual({
        status: 0,
        output: expect.stringMatching(/^\d+ bytes of features equal the kernel's own, in each of 3 runs\n$/),
      })
    })
  }

  /** Faults that are valid MLIR and valid designs, but of something else. */
  const WRONG: [fault: string, from: string | RegExp, to: string, problem: RegExp][] = [
    ['another hop', '[0, 0, 160, 1]', '[0, 0, 158, 1]', /differ/],
    ['audio that begins late', 'offset = 7680', 'offset = 7678', /differ/],
    ['parts that are split in one order and joined in another', '([0, 320] [])', '([320, 0] [])', /differ/],
    [
      'columns that swap their features',
      /offset = 0 len = 3840([\s\S]*)offset = 3840 len/,
      'offset = 3840 len = 3840$1offset = 0 len',
      /differ/,
    ],

    ['a core that ends', '9223372036854775807', '6', /core ended|stuck/],
  ]
  for (const [fault, from, to, problem] of WRONG) {
    it(`finds ${fault}`, { timeout: 300_000 }, (context) => {
      const python = toolsOrSkip(context)
      const { status, output } = run(python, 'wrong', changed(from, to), small)
      expect(output).toMatch(problem)
      expect(status).not.toBe(0)
    })
  }
})
