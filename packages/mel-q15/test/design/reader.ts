// Reads a design's text without the generator's help: what the fifos, links and descriptors say, and nothing of how they were
// planned. Understands both syntaxes.

export interface Fifo {
  readonly name: string
  readonly from: string
  readonly to: string
  readonly depth: number
  readonly elements: number
  readonly bytes: number
}

export interface Link {
  readonly from: readonly string[]
  readonly to: readonly string[]
  readonly fromOffsets: readonly number[]
  readonly toOffsets: readonly number[]
}

export interface Descriptor {
  readonly elements: number
  readonly bytes: number
  readonly offset: number
  readonly length: number
  readonly sizes: readonly number[]
  readonly strides: readonly number[]
}

export interface Design {
  readonly device: string
  readonly tiles: ReadonlyMap<string, readonly [number, number]>
  readonly fifos: ReadonlyMap<string, Fifo>
  readonly links: readonly Link[]
  readonly cores: readonly { readonly tile: string; readonly stack: number; readonly body: string }[]
  readonly tasks: ReadonlyMap<string, readonly Descriptor[]>
}

const numbers = (text: string) => (text.trim() === '' ? [] : text.split(',').map(Number))
const symbols = (text: string) => text.split(',').map((name) => name.trim().slice(1))

export function read(text: string): Design {
  const all = (pattern: RegExp) => [...text.matchAll(pattern)]
  const tiles = all(/(%\w+) = aie\.tile\((\d+), (\d+)\)/g)
  const fifos = all(
    /aie\.objectfifo @(\w+)\((%\w+), \{(%\w+)\}, (\d+) : i32\) : !aie\.objectfifo<memref<(\d+)xi(\d+)>>/g,
  )
  const links = all(/aie\.objectfifo\.link \[([^\]]*)\] -> \[([^\]]*)\]\(\[([^\]]*)\] \[([^\]]*)\]\)/g)
  const cores = all(/= aie\.core\((%\w+)\) \{([\s\S]*?)aie\.end\s+\} \{.*stack_size = (\d+) : i32\}/g)
  const tasks = all(/aiex\.dma_configure_task_for @(\w+) \{([\s\S]*?)aie\.end/g)
  return {
    device: /aie\.device\((\w+)\)/.exec(text)![1]!,
    tiles: new Map(tiles.map(([, name, column, row]) => [name!, [Number(column), Number(row)]])),
    fifos: new Map(
      fifos.map(([, name, from, to, depth, elements, bits]) => {
        const bytes = (Number(elements) * Number(bits)) / 8
        return [name!, { name: name!, from: from!, to: to!, depth: Number(depth), elements: Number(elements), bytes }]
      }),
    ),
    links: links.map(([, from, to, fromOffsets, toOffsets]) => ({
      from: symbols(from!),
      to: symbols(to!),
      fromOffsets: numbers(fromOffsets!),
      toOffsets: numbers(toOffsets!),
    })),
    cores: cores.map(([, tile, body, stack]) => ({ tile: tile!, stack: Number(stack), body: body! })),
    tasks: new Map(tasks.map(([, fifo, body]) => [fifo!, descriptors(body!)])),
  }
}

function descriptors(body: string): Descriptor[] {
  return [...body.matchAll(/aie\.dma_bd\(%\w+ : memref<(\d+)xi(\d+)>(.*)\)$/gm)].map(([, elements, bits, rest]) => {
    const [offset, length] = (/offset = (\d+) len = (\d+)/.exec(rest!) ?? /, (\d+), (\d+)/.exec(rest!))!
      .slice(1)
      .map(Number)
    const mid = /sizes = \[(.*?)\] strides = \[(.*?)\]/.exec(rest!)
    const early = [...rest!.matchAll(/<size = (\d+), stride = (\d+)>/g)]
    const [sizes, strides] = mid ? mid.slice(1).map(numbers) : [1, 2].map((i) => early.map((pair) => Number(pair[i])))
    const isLinear = sizes!.length === 0
    return {
      elements: Number(elements),
      bytes: Number(bits) / 8,
      offset: offset!,
      length: length!,
      sizes: isLinear ? [length!] : sizes!,
      strides: isLinear ? [1] : strides!,
    }
  })
}

/** The elements that a descriptor touches, in order. */
export function* indices({ offset, sizes, strides }: Descriptor): Generator<number> {
  function* at(dimension: number, base: number): Generator<number> {
    if (dimension === sizes.length) yield base
    else for (let i = 0; i < sizes[dimension]!; i++) yield* at(dimension + 1, base + i * strides[dimension]!)
  }
  yield* at(0, offset)
}

/** Where the parts of a column's objects lie, for each core: in elements of the audio and of the features. */
export function parts(design: Design, column: number) {
  const audio = design.fifos.get(`audio_${column}`)!
  const features = design.fifos.get(`features_${column}`)!
  const split = design.links.find(({ from }) => from[0] === audio.name)
  const join = design.links.find(({ to }) => to[0] === features.name)
  if (split === undefined || join === undefined) return [{ tile: audio.to, in: audio, out: features, from: 0, to: 0 }]
  return split.to.map((name, i) => {
    const into = design.fifos.get(name)!
    const back = join.from.findIndex((other) => design.fifos.get(other)!.from === into.to)
    const out = design.fifos.get(join.from[back]!)!
    return { tile: into.to, in: into, out, from: split.toOffsets[i]!, to: join.fromOffsets[back]! }
  })
}
