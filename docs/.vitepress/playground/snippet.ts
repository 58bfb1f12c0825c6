import type { Choice } from './choices.js'
import type { Values } from './messages.js'

/** How a value is written in TypeScript. */
function literal(value: unknown): string {
  if (typeof value === 'string') return `'${value.replace(/[\\']/g, '\\$&').replace(/\n/g, '\\n')}'`
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  return String(value)
}

/** Options as an object literal, on one line if they fit. */
function literals(given: Values, before: string): string {
  const entries = Object.entries(given).map(([name, value]) => `${name}: ${literal(value)}`)
  if (entries.length === 0) return ''
  const line = `{ ${entries.join(', ')} }`
  return before.length + line.length <= 90 ? line : `{\n${entries.map((entry) => `  ${entry},\n`).join('')}}`
}

/** What the functions need to be given besides what was changed: YIN has no default range. */
function needed(choice: Choice, given: Values, all: Values): Values {
  return choice.kind === 'yin' ? { fmin: all.fmin, fmax: all.fmax, ...given } : given
}

const SHAPES: Readonly<Record<string, string>> = {
  fbank: '[frames, bins]',
  mfcc: '[frames, coefficients]',
  mel: '[mels, frames]',
  whisper: '[mels, frames]',
  yin: '[frames], Hz',
  'chroma-stft': '[pitch classes, frames]',
}

/** The program that computes the features of a whole file as this page does. */
export function oneShotSnippet(choice: Choice, rate: number, given: Values, all: Values, file: string): string {
  const { oneShot } = choice
  const result = choice.kind === 'hpss-harmonic' ? 'const { harmonic, percussive } = ' : 'const features = '
  const options = literals(needed(choice, given, all), `${result}${oneShot}(audio, )`)
  const shape = SHAPES[choice.kind]
  return [
    "import { decodeAudio } from '@dsp/audio'",
    `import { ${oneShot} } from '${choice.package}'`,
    '',
    `const audio = await decodeAudio(${literal(file)}, { sampleRate: ${rate}, mono: true })`,
    `${result}${oneShot}(audio${options && `, ${options}`})${shape === undefined ? '' : ` // ${shape}`}`,
    '',
  ].join('\n')
}

/** The program that computes them as the sound comes; null if the feature has no streaming form. */
export function streamSnippet(
  choice: Choice,
  rate: number,
  given: Values,
  all: Values,
  rateOption: string | null,
  file: string,
): string | null {
  const { online } = choice
  if (online === null) return null
  const values = { ...needed(choice, given, all), ...(rateOption !== null && { [rateOption]: rate }) }
  const options = literals(values, `const online = new ${online}()`)
  const isPitch = choice.kind === 'yin'
  const use =
    choice.kind === 'hpss-harmonic'
      ? ['  use(online.accept(mono.accept(block))) // { harmonic, percussive }', '}']
      : isPitch
        ? ['  for (const f0 of online.accept(mono.accept(block)).data) use(f0)', '}']
        : ['  for (const frame of online.accept(mono.accept(block))) use(frame)', '}']
  return [
    "import { OnlineMono, readBlocks } from '@dsp/audio'",
    `import { ${online} } from '${choice.package}'`,
    '',
    `const mono = new OnlineMono(${rate})`,
    `const online = new ${online}(${options})`,
    `for await (const block of readBlocks(${literal(file)})) {`,
    ...use,
    ...(choice.kind === 'hpss-harmonic'
      ? ['use(online.accept(mono.flush()))', 'use(online.flush())']
      : isPitch
        ? [
            'for (const f0 of online.accept(mono.flush()).data) use(f0)',
            'for (const f0 of online.flush().data) use(f0)',
          ]
        : [
            'for (const frame of online.accept(mono.flush())) use(frame)',
            'for (const frame of online.flush()) use(frame)',
          ]),
    '',
  ].join('\n')
}
