import { readFile } from 'node:fs/promises'
import { messageOf, modelError } from '@dsp/onnx'
import { DspError } from '@dsp/tensor'
import { Tokenizer as Library } from '@huggingface/tokenizers'

/** What a model is asked to write. */
export type Task = 'transcribe' | 'translate'

/** Languages that are written without spaces between words. */
const UNSPACED = ['zh', 'ja', 'th', 'lo', 'my', 'yue']
/** A word takes these before it and after it. */
const PREPENDED = '"\'“¡¿([{-'
const APPENDED = '"\'.。,，!！?？:：”)]}、'
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'
const REPLACEMENT = '\ufffd'

/** A word and the tokens that it is made of. */
export interface TokenWord {
  /** Its text, with the space before it if there is one. */
  readonly text: string
  /** Places of its tokens. */
  readonly indices: readonly number[]
}

/** The tokens of a Whisper model. */
export class Tokenizer {
  /** The token that ends a text, and the first that is no text. */
  readonly end: number
  /** The token that begins a transcript. */
  readonly start: number
  /** The token that says that no time stamps follow. */
  readonly noTimestamps: number
  /** The token that says that nobody speaks, which is never written; undefined where the model has none. */
  readonly noSpeech: number | undefined
  /** The token of 0 s; the following ones are 0.02 s apart. */
  readonly firstTimestamp: number
  /** Tokens of the languages, by their codes; empty if the model knows only English. */
  readonly languages: ReadonlyMap<string, number>
  private readonly library: Library

  private constructor(
    private readonly path: string,
    json: { readonly added_tokens?: readonly { readonly content: string; readonly id: number }[] },
    vocabulary: number,
  ) {
    this.library = new Library(json, {})
    this.end = this.id('<|endoftext|>')
    this.start = this.id('<|startoftranscript|>')
    this.noTimestamps = this.id('<|notimestamps|>')
    // the same token: OpenAI changed its name
    this.noSpeech = this.library.token_to_id('<|nospeech|>') ?? this.library.token_to_id('<|nocaptions|>')
    this.firstTimestamp = this.noTimestamps + 1
    const languages = new Map<string, number>()
    // a model of English alone has the tokens, too, but was not trained on them; it has one token less
    if (vocabulary > 51864) {
      const transcribe = this.id('<|translate|>')
      for (const { content, id } of json.added_tokens ?? []) {
        const code = /^<\|([a-z]{2,3})\|>$/.exec(content)?.[1]
        if (code !== undefined && id > this.start && id < transcribe) languages.set(code, id)
      }
    }
    this.languages = languages
  }

  /**
   * Reads a `tokenizer.json`.
   * @param path - Its path.
   * @param vocabulary - How many tokens the network knows.
   * @throws DspError `ERR_DSP_MODEL` if it is missing or not Whisper's.
   */
  static async read(path: string, vocabulary: number): Promise<Tokenizer> {
    const failed = (error: unknown) =>
      modelError(
        `${path} cannot be read as the tokenizer of a Whisper model: ${messageOf(error)}; it comes with the model, and on the hub with openai/whisper-tiny and its sisters`,
        path,
        'a tokenizer.json',
        messageOf(error),
        error,
      )
    try {
      return new Tokenizer(path, JSON.parse(await readFile(path, 'utf8')), vocabulary)
    } catch (error) {
      throw error instanceof DspError ? error : failed(error)
    }
  }

  /**
   * The tokens with which the decoder begins.
   * @param language - The language's code; undefined for a model of English alone.
   * @param task - What to write.
   * @param timestamps - Whether time stamps follow.
   */
  prompt(language: string | undefined, task: Task, timestamps: boolean): number[] {
    const code = language === undefined ? undefined : this.languages.get(language)
    const middle = code === undefined ? [] : [code, this.id(`<|${task}|>`)]
    return [this.start, ...middle, ...(timestamps ? [] : [this.noTimestamps])]
  }

  /** The text of tokens; special ones are left out. */
  decode(tokens: readonly number[]): string {
    const text = tokens.filter((token) => token < this.end)
    return text.length === 0 ? '' : this.library.decode(text, { clean_up_tokenization_spaces: false })
  }

  /**
   * Groups tokens by word, as OpenAI's `split_to_word_tokens` and `merge_punctuations` do.
   * @param tokens - Tokens of text.
   * @param language - The language's code.
   */
  words(tokens: readonly number[], language: string): TokenWord[] {
    const pieces = this.characters(tokens)
    const words = UNSPACED.includes(language) ? pieces : joinPieces(pieces)
    return mergePunctuation(words)
  }

  /** Tokens joined until they are whole characters. */
  private characters(tokens: readonly number[]): Group[] {
    const whole = this.decode(tokens)
    const groups: Group[] = []
    let offset = 0
    let indices: number[] = []
    for (const index of tokens.keys()) {
      indices.push(index)
      const text = this.decode(indices.map((one) => tokens[one]!))
      const broken = text.indexOf(REPLACEMENT)
      // the text itself may hold the replacement character
      if (broken >= 0 && offset + broken < whole.length && whole[offset + broken] !== REPLACEMENT) continue
      groups.push({ text, indices })
      offset += text.length
      indices = []
    }
    return groups
  }

  private id(token: string): number {
    const id = this.library.token_to_id(token)
    if (id === undefined) throw modelError(`${this.path} lacks ${token}: it is not Whisper's`, this.path, token, 'none')
    return id
  }
}

interface Group {
  text: string
  indices: number[]
}

function joinPieces(pieces: readonly Group[]): Group[] {
  const words: Group[] = []
  for (const { text, indices } of pieces) {
    const last = words.at(-1)
    if (last === undefined || text.startsWith(' ') || PUNCTUATION.includes(text.trim())) words.push({ text, indices })
    else {
      last.text += text
      last.indices.push(...indices)
    }
  }
  return words
}

function mergePunctuation(words: readonly Group[]): Group[] {
  const merged = words.map(({ text, indices }) => ({ text, indices: [...indices] }))
  const join = (from: Group, to: Group, text: string, indices: number[]) => {
    Object.assign(to, { text, indices })
    Object.assign(from, { text: '', indices: [] })
  }
  for (let i = merged.length - 2, j = merged.length - 1; i >= 0; i--) {
    const [left, right] = [merged[i]!, merged[j]!]
    if (left.text.startsWith(' ') && PREPENDED.includes(left.text.trim())) {
      join(left, right, left.text + right.text, [...left.indices, ...right.indices])
    } else j = i
  }
  for (let i = 0, j = 1; j < merged.length; j++) {
    const [left, right] = [merged[i]!, merged[j]!]
    if (!left.text.endsWith(' ') && APPENDED.includes(right.text)) {
      join(right, left, left.text + right.text, [...left.indices, ...right.indices])
    } else i = j
  }
  return merged.filter(({ text }) => text !== '')
}
