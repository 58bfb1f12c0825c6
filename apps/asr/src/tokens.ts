import { modelError } from '@dsp/onnx'
import { bytesAt, type Folder } from './folder.js'

/** The mark of SentencePiece for a word's beginning. */
const WORD_MARK = '\u2581'
/** Names of the blank, in the order in which sherpa-onnx looks for them. */
const BLANKS = ['<blk>', '<eps>', '<blank>']

/** The vocabulary of a model: `tokens.txt`, a token and its id on each line. */
export class Tokens {
  private readonly symbols: readonly string[]
  private readonly ids: ReadonlyMap<string, number>

  /**
   * @param text - Content of `tokens.txt`.
   * @param path - Its path, for messages.
   * @throws DspError `ERR_DSP_MODEL` naming the first line that is wrong.
   */
  constructor(
    text: string,
    readonly path: string,
  ) {
    // a list would be as long as its largest id, whatever a file claims
    const named = new Map<number, string>()
    const ids = new Map<string, number>()
    const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
    while (lines.length > 0 && lines.at(-1)?.trim() === '') lines.pop()
    lines.forEach((line, index) => {
      const wrong = (expected: string) =>
        modelError(
          `line ${index + 1} of ${path} is malformed: expected ${expected}, got ${JSON.stringify(line.slice(0, 80))}`,
          'tokens.txt',
          expected,
          line.slice(0, 80),
        )
      const fields = line.trim().split(/[ \t]+/)
      // a line with the id alone is the token " ": some tools write it without its mark
      const [symbol, id] = fields.length === 1 ? [' ', fields[0]!] : [fields[0]!, fields[1]!]
      if (fields.length > 2 || !/^\d{1,9}$/.test(id)) throw wrong('a token, a space and its id')
      if (named.has(Number(id))) throw wrong('an id that no earlier line has')
      named.set(Number(id), symbol)
      if (!ids.has(symbol)) ids.set(symbol, Number(id))
    })
    const symbols = Array.from({ length: named.size }, (_, id) => named.get(id)!)
    const gap = symbols.indexOf(undefined as never)
    if (symbols.length === 0 || gap >= 0) {
      const actual = symbols.length === 0 ? 'no token' : `no token with the id ${gap}`
      throw modelError(`${path} has ${actual}`, 'tokens.txt', 'the ids 0, 1, 2, … without a gap', actual)
    }
    if (isByteLevel(symbols)) {
      throw modelError(
        `${path} is a byte-level BPE vocabulary, which is not supported; use a model with word pieces or characters`,
        'tokens.txt',
        'word pieces or characters',
        'byte-level BPE',
      )
    }
    this.symbols = symbols
    this.ids = ids
  }

  /** Reads and checks a `tokens.txt`. */
  static async read(folder: Folder, path: string): Promise<Tokens> {
    const bytes = await bytesAt(folder, path).catch((error: unknown) => {
      throw modelError(`cannot read ${path}`, 'tokens.txt', 'a readable file', 'none', error)
    })
    return Tokens.parse(bytes, path)
  }

  /** Checks the bytes of a `tokens.txt`. */
  static parse(bytes: Uint8Array, path: string): Tokens {
    try {
      return new Tokens(new TextDecoder('utf-8', { fatal: true }).decode(bytes), path)
    } catch (error) {
      if (error instanceof TypeError) {
        throw modelError(`${path} is not UTF-8 text`, 'tokens.txt', 'UTF-8 text', 'other bytes', error)
      }
      throw error
    }
  }

  /** Number of tokens, without the disambiguation symbols `#0`, `#1`, … that may follow the last one. */
  get size(): number {
    let size = this.symbols.length
    while (size > 0 && /^#\d+$/.test(this.symbols[size - 1]!)) size--
    return size
  }

  /** The id of a symbol, as it stands in the file. */
  id(symbol: string): number | undefined {
    return this.ids.get(symbol)
  }

  /** The id of the blank: `<blk>`, `<eps>` or `<blank>`. */
  get blank(): number | undefined {
    return BLANKS.map((name) => this.ids.get(name)).find((id) => id !== undefined)
  }

  /** A token as text: a word's mark becomes a space. */
  text(id: number): string {
    const symbol = this.symbols[id] ?? ''
    return symbol.startsWith(WORD_MARK) ? ` ${symbol.slice(1)}` : symbol
  }

  /** The value of a byte token (`<0x0A>` -> 10), the pieces of characters that have no token. */
  byte(id: number): number | undefined {
    const found = /^<0x([0-9A-F]{2})>$/.exec(this.symbols[id] ?? '')
    return found ? Number.parseInt(found[1]!, 16) : undefined
  }
}

/** sherpa-onnx's test: the bytes of no symbol exceed 0xc6, and one reaches it. */
function isByteLevel(symbols: readonly string[]): boolean {
  const encoder = new TextEncoder()
  let highest = 0
  for (const symbol of symbols) {
    const bytes = encoder.encode(symbol.startsWith(WORD_MARK) ? symbol.slice(1) : symbol)
    for (const byte of bytes) highest = Math.max(highest, byte)
  }
  return highest === 0xc6
}
