import { DspError, show } from './errors.js'

/** Describes one option: its type, range and default. Built by {@link option}. */
export interface OptionSpec<T> {
  /** How the value is checked and how a text form of it is read. */
  readonly kind: 'number' | 'integer' | 'boolean' | 'enum' | 'array' | 'string'
  /** The value used if the option is not given. */
  readonly default: T
  /** Smallest accepted number. */
  readonly min?: number
  /** Largest accepted number. */
  readonly max?: number
  /** The accepted words of an `enum`, or those that may stand for a `number`. */
  readonly values?: readonly string[]
  /** Whether a `number` may be infinite. */
  readonly infinite?: boolean
  /** Whether `null` is a valid value. */
  readonly nullable?: boolean
  /** Exact length of an `array` of numbers, if fixed. */
  readonly length?: number
  /** Whether the numbers of an `array` must be whole. */
  readonly whole?: boolean
  /** Whether one number may stand for an `array` of it. */
  readonly single?: boolean
}

/** One {@link OptionSpec} for every option of `O`. */
export type OptionSpecs<O> = { readonly [K in keyof O]-?: OptionSpec<O[K]> }

/** Limits of a number. */
export interface NumberLimits {
  /** Smallest accepted value. */
  readonly min?: number
  /** Largest accepted value. */
  readonly max?: number
}

/** Builders of {@link OptionSpec}. */
export const option = {
  /** A finite number. */
  number: (value: number, limits: NumberLimits = {}): OptionSpec<number> => ({
    kind: 'number',
    default: value,
    ...limits,
  }),
  /** A number, infinite ones included, or one of a few words: e.g. the order of a norm. */
  numberOr: <const V extends readonly string[]>(
    values: V,
    value: number | V[number],
    limits: NumberLimits = {},
  ): OptionSpec<number | V[number]> => ({ kind: 'number', default: value, infinite: true, values, ...limits }),
  /** A whole number. */
  integer: (value: number, limits: NumberLimits = {}): OptionSpec<number> => ({
    kind: 'integer',
    default: value,
    ...limits,
  }),
  /** True or false. */
  boolean: (value: boolean): OptionSpec<boolean> => ({ kind: 'boolean', default: value }),
  /** One of a few words. */
  enum: <const V extends readonly string[]>(values: V, value: V[number]): OptionSpec<V[number]> => ({
    kind: 'enum',
    default: value,
    values,
  }),
  /** Any text. */
  string: (value: string): OptionSpec<string> => ({ kind: 'string', default: value }),
  /** A list of finite numbers, e.g. a pair. */
  array: (
    value: readonly number[],
    limits: NumberLimits & { readonly length?: number } = {},
  ): OptionSpec<readonly number[]> => ({
    kind: 'array',
    default: value,
    ...limits,
  }),
  /** A number, or two: one stands for both. */
  pair: (
    value: number,
    limits: NumberLimits & { readonly whole?: boolean } = {},
  ): OptionSpec<number | readonly [number, number]> => ({
    kind: 'array',
    default: value,
    length: 2,
    single: true,
    ...limits,
  }),
  /** The same option, with `null` accepted as well. */
  nullable: <T>(spec: OptionSpec<T>, value: T | null = null): OptionSpec<T | null> => ({
    ...spec,
    default: value,
    nullable: true,
  }),
} as const

/**
 * Checks options against their specifications and fills in the defaults. An unknown name is an error that lists the
 * names that exist.
 * @param owner - The function whose options they are, for messages.
 * @param specs - One specification per option.
 * @param given - What the caller gave; `undefined` values count as not given.
 * @param defaults - Values that replace the specifications' own defaults (a preset).
 * @throws {@link DspError} `ERR_DSP_OPTION` for an unknown name, `ERR_DSP_ARGUMENT` for a value out of range.
 */
export function resolveOptions<O extends object>(
  owner: string,
  specs: OptionSpecs<O>,
  given: Readonly<Partial<Record<keyof O, unknown>>> | undefined,
  defaults: Partial<O> = {},
): O {
  if (given !== undefined && (typeof given !== 'object' || given === null || Array.isArray(given))) {
    throw DspError.argument(`options of ${owner}`, 'an object', given)
  }
  const names = Object.keys(specs) as (keyof O & string)[]
  for (const name of Object.keys(given ?? {})) {
    if (!Object.hasOwn(specs, name)) {
      throw new DspError(`${owner} has no option ${show(name)}; its options are: ${names.join(', ')}`, {
        code: 'ERR_DSP_OPTION',
        argument: name,
        expected: names.join(', '),
        actual: name,
      })
    }
  }
  const resolved = {} as O
  for (const name of names) {
    const value = given?.[name]
    if (value === undefined)
      resolved[name] = name in defaults ? (defaults[name] as O[typeof name]) : specs[name].default
    else resolved[name] = checkOption(name, specs[name], value)
  }
  return resolved
}

/**
 * Checks one value against its specification.
 * @param name - The option's name, for messages.
 * @param spec - Its specification.
 * @param value - The value.
 */
export function checkOption<T>(name: string, spec: OptionSpec<T>, value: unknown): T {
  if (!accepts(spec, value)) throw DspError.argument(name, describe(spec), value)
  return value as T
}

/**
 * Reads an option's value from text, as a command line has it: `true`/`false`, numbers, words, `17,45`, `null`.
 * @param name - The option's name, for messages.
 * @param spec - Its specification.
 * @param text - The text.
 */
export function parseOption<T>(name: string, spec: OptionSpec<T>, text: string): T {
  let value: unknown = text
  if (spec.nullable && text === 'null') value = null
  else if (spec.kind === 'boolean') value = text === 'true' ? true : text === 'false' ? false : text
  else if (spec.kind === 'number' && spec.values?.includes(text)) value = text
  else if (spec.infinite && /^[+-]?inf$/i.test(text)) value = text.startsWith('-') ? -Infinity : Infinity
  else if (spec.kind === 'number' || spec.kind === 'integer') value = text.trim() === '' ? text : Number(text)
  else if (spec.kind === 'array')
    value = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
  if (spec.single && Array.isArray(value) && value.length === 1) value = value[0]
  if (typeof value === 'number' && Number.isNaN(value)) value = text
  return checkOption(name, spec, value)
}

/** What a specification accepts, in words that complete "must be …". */
export function describe(spec: OptionSpec<unknown>): string {
  const limits =
    spec.min !== undefined && spec.max !== undefined
      ? ` between ${spec.min} and ${spec.max}`
      : spec.min !== undefined
        ? ` of at least ${spec.min}`
        : spec.max !== undefined
          ? ` of at most ${spec.max}`
          : ''
  const orNull = spec.nullable ? ' or null' : ''
  switch (spec.kind) {
    case 'number': {
      const words = (spec.values ?? []).map((word) => `${JSON.stringify(word)}, `).join('')
      return `${words}${words === '' ? '' : 'or '}a ${spec.infinite ? '' : 'finite '}number${limits}${orNull}`
    }
    case 'integer':
      return `a whole number${limits}${orNull}`
    case 'boolean':
      return `true or false${orNull}`
    case 'enum':
      return `one of ${(spec.values ?? []).map((word) => JSON.stringify(word)).join(', ')}${orNull}`
    case 'array':
      return `${spec.single ? 'a number or ' : ''}a list of ${spec.length === undefined ? '' : `${spec.length} `}${spec.whole ? 'whole' : 'finite'} numbers${limits}${orNull}`
    default:
      return `a string${orNull}`
  }
}

function accepts(spec: OptionSpec<unknown>, value: unknown): boolean {
  if (value === null) return spec.nullable === true
  const inRange = (x: unknown): boolean =>
    typeof x === 'number' && Number.isFinite(x) && x >= (spec.min ?? -Infinity) && x <= (spec.max ?? Infinity)
  switch (spec.kind) {
    case 'number':
      if (spec.values?.includes(value as string)) return true
      return inRange(value) || (spec.infinite === true && (value === Infinity || value === -Infinity))
    case 'integer':
      return inRange(value) && Number.isInteger(value)
    case 'boolean':
      return typeof value === 'boolean'
    case 'enum':
      return typeof value === 'string' && (spec.values ?? []).includes(value)
    case 'array':
      if (spec.single && typeof value === 'number') return accepts({ ...spec, single: false }, [value, value])
      return (
        Array.isArray(value) &&
        (spec.length === undefined || value.length === spec.length) &&
        value.every((x) => inRange(x) && (spec.whole !== true || Number.isInteger(x)))
      )
    default:
      return typeof value === 'string'
  }
}
