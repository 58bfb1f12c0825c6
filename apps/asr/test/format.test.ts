import { describe, expect, it } from 'vitest'
import { toJson, toSrt, toVtt } from '../src/index.js'
import { Tokens } from '../src/tokens.js'
import { joinTokens, joinWords, type Token } from '../src/words.js'

const word = (text: string, start: number, end: number) => ({ word: text, start, end, confidence: 0.87654321 })

describe('subtitles', () => {
  const words = [
    word('AREA', 0.5, 0.54),
    word('CODE', 0.9, 0.94),
    word('<ONE>', 3661.2, 3661.9996),
    word('TWO', 3662, 3662.1),
  ]

  it('split at pauses and count hours', () => {
    expect(toSrt({ words })).toBe(
      '1\n00:00:00,500 --> 00:00:01,440\nAREA CODE\n\n2\n01:01:01,200 --> 01:01:02,600\n<ONE> TWO\n\n',
    )
    expect(toVtt({ words })).toBe(
      'WEBVTT\n\n00:00:00.500 --> 00:00:01.440\nAREA CODE\n\n01:01:01.200 --> 01:01:02.600\n&lt;ONE&gt; TWO\n\n',
    )
  })

  it('split at the length and the time of one subtitle', () => {
    const many = Array.from({ length: 30 }, (_, i) => word('ABCDEFG', i * 0.5, i * 0.5 + 0.4))
    const lines = toSrt({ words: many }, { maxCharacters: 20 })
      .split('\n')
      .filter((line) => line.startsWith('A'))
    expect(lines.every((line) => line.length <= 20)).toBe(true)
    expect(lines.join(' ').split(' ')).toHaveLength(30)
    const short = toVtt({ words: many }, { maxCharacters: 1000, maxSeconds: 2, hold: 9 })
    expect(short).toContain('00:00:00.000 --> 00:00:02.000\n')
    expect(short).toContain('00:00:02.000 --> 00:00:04.000\n')
  })

  it('have no blank line inside, and no subtitle without text', () => {
    const odd = [word('A\r\n \nB', 0, 1), word(' ', 1, 2), word('\nC\n', 2, 3)]
    expect(toSrt({ words: odd })).toBe(
      '1\n00:00:00,000 --> 00:00:01,500\nA\nB\n\n2\n00:00:02,000 --> 00:00:03,500\nC\n\n',
    )
    expect(toVtt({ words: [word('\n', 0, 1)] })).toBe('WEBVTT\n\n')
  })

  it.each([Number.NaN, -1, Infinity, undefined])('refuse the time %s', (time) => {
    expect(() => toSrt({ words: [word('A', time as number, 1)] })).toThrow(/words\[0\]\.start must be/)
    expect(() => toVtt({ words: [word('A', 0, 1), word('B', 0, time as number)] })).toThrow(/words\[1\]\.end must be/)
  })

  it('of nothing are empty, and options are checked', () => {
    expect(toSrt({ words: [] })).toBe('')
    expect(toVtt({ words: [] })).toBe('WEBVTT\n\n')
    expect(() => toSrt({ words }, { pause: -1 })).toThrow(/pause must be/)
    expect(() => toSrt({ words }, { hold: Number.NaN })).toThrow(/hold must be/)
  })
})

it('JSON has the fields of the command line, on one line', () => {
  const line = toJson('a/b.wav', { text: 'X\n', words: [word('X', 0.1234567, 0.2)], seconds: 1.23456, rtf: 0.0123456 })
  expect(line).not.toContain('\n')
  expect(JSON.parse(line)).toEqual({
    file: 'a/b.wav',
    text: 'X\n',
    words: [{ word: 'X', start: 0.123, end: 0.2, confidence: 0.8765 }],
    seconds: 1.235,
    rtf: 0.0123,
  })
})

describe('words', () => {
  const tokens = new Tokens(
    ['<blk>', '▁', '▁A', 'B', "▁'S", '<0xC3>', '<0x89>', '<0xFF>', '中', '文', 'C']
      .map((s, i) => `${s} ${i}`)
      .join('\n'),
    'tokens.txt',
  )
  const join = (ids: number[], glue = false) => {
    const timed: Token[] = ids.map((id, i) => ({
      id,
      token: tokens.text(id),
      start: i,
      duration: 1,
      confidence: (i + 1) / 10,
    }))
    return joinTokens(timed, tokens, glue)
  }
  const text = (ids: number[], glue = false) => joinWords(join(ids, glue).map((w) => w.word))

  it('begin at marks and at lone marks', () => {
    expect(text([2, 3, 2, 1, 3])).toBe('AB A B')
    expect(text([3, 3])).toBe('BB')
    expect(text([])).toBe('')
    expect(text([1, 1])).toBe('')
  })

  it('take an apostrophe to the word before for transducers only', () => {
    expect(text([2, 4])).toBe("A 'S")
    expect(text([2, 4], true)).toBe("A'S")
    expect(text([4], true)).toBe("'S")
  })

  it('put bytes together and drop invalid UTF-8', () => {
    expect(text([2, 5, 6, 3])).toBe('AÉB')
    expect(text([2, 7, 3])).toBe('AB')
  })

  it('are single characters in scripts without spaces', () => {
    expect(join([8, 9, 10, 2]).map((w) => w.word)).toEqual(['中', '文', 'C', 'A'])
    expect(text([8, 9, 10, 2])).toBe('中文 C A')
  })

  it('have the times and the mean probability of their tokens', () => {
    const [first, second] = join([2, 3, 2])
    expect(first).toMatchObject({ word: 'AB', start: 0, end: 2 })
    expect(first!.confidence).toBeCloseTo(0.15, 9)
    expect(second).toMatchObject({ word: 'A', start: 2, end: 3 })
  })
})
