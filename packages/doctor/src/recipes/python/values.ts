import type { FrontEnd } from '../../front-end.js'

/** A piece of Python. */
export type Lines = readonly string[]

/** A number in as few characters as JavaScript and Python take it. */
export function plain(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value)
}

/** A number as Python writes it; small powers of two as such. */
export function number(value: number): string {
  const two = Math.log2(value)
  return value < 1e-3 && Number.isInteger(two) ? `2**${two}` : plain(value)
}

/** Arguments by name: numbers, booleans and null as Python's own, words in quotes, and pieces of Python as they are. */
export type Arguments = Readonly<Record<string, number | boolean | string | null | Code>>

/** A piece of Python among arguments. */
export interface Code {
  readonly python: string
}

/** Marks a piece of Python. */
export const code = (python: string): Code => ({ python })

/** An argument as Python writes it. */
export function literal(value: Arguments[string]): string {
  if (value === null) return 'None'
  if (typeof value === 'object') return value.python
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return typeof value === 'number' ? number(value) : `'${value}'`
}

/** `target = name(first, a=1, …)`, an argument a line if one line does not hold them. */
export function call(target: string, name: string, first: string, named: Arguments): string[] {
  const all = Object.entries(named).map(([key, value]) => `${key}=${literal(value)}`)
  const given = first === '' ? all : [first, ...all]
  const line = `${target} = ${name}(${given.join(', ')})`
  return line.length <= 100 ? [line] : [`${target} = ${name}(`, ...given.map((one) => `    ${one},`), ')']
}

/** Those of the arguments that differ from a library's defaults; `always` are written anyway. */
export function given(all: Arguments, defaults: Arguments, always: readonly string[] = []): Arguments {
  return Object.fromEntries(
    Object.entries(all).filter(
      ([key, value]) => always.includes(key) || literal(value) !== literal(defaults[key] ?? null),
    ),
  )
}

/**
 * Milliseconds that libraries turn into so many samples. They cut fractions, kaldi-native-fbank in float32, so half a sample is added
 * where rounding would lose one.
 */
export function milliseconds(samples: number, sampleRate: number): number {
  const exact = (1000 * samples) / sampleRate
  const inFloat32 = Math.trunc(
    Math.fround(Math.fround(Math.fround(sampleRate) * Math.fround(0.001)) * Math.fround(exact)),
  )
  const isSafe = Math.trunc(sampleRate * exact * 0.001) === samples && inFloat32 === samples
  return isSafe ? exact : (1000 * (samples + 0.5)) / sampleRate
}

/** The next power of two. */
export const powerOfTwo = (n: number): number => 2 ** Math.ceil(Math.log2(n))

/** What a library computes of the features; what follows is numpy's. */
export interface Core {
  readonly imports: Lines
  /** Sets `features`, `[frames, columns]`, from the samples `x`. */
  readonly lines: Lines
  /** `energies`: of the filters. `logarithms`: of these, with their floor and the energy column. `cepstra`: everything up to the lifter. */
  readonly gives: 'energies' | 'logarithms' | 'cepstra'
}

/** The stages of a front end that a library's function cannot do, in words; empty if there is none. */
export type Missing = readonly string[]

/** Whether the features hold the frame's energy. */
export const hasEnergy = ({ energyColumn }: FrontEnd): boolean => energyColumn !== 'none'
