/** The cases that `apps/bench/doctor/generate.py` makes. */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CauseId, DiagnosableKind, FrontEnd, Layout } from '@dsp/doctor'
import { UsageError } from '../options.ts'

/** How many faults a case has; `long` is of three, on a minute of sound. */
export const CASE_GROUPS = ['single', 'pair', 'triple', 'equal', 'long'] as const
export type CaseGroup = (typeof CASE_GROUPS)[number]

/** A fault of a reference. */
export interface Fault {
  readonly id: CauseId
  /** The settings that it changed, and to what. */
  readonly settings: Readonly<Record<string, unknown>>
  /** What undoing this one alone changes; null where that is another shape or order of the values. */
  readonly change: { readonly max: number; readonly rms: number } | null
  /** Whether it changes any value by more than 1e-3, given the other faults. Those that do not are not counted. */
  readonly told: boolean
  /** Causes that would give the same features. */
  readonly equivalents: readonly CauseId[]
}

/** A reference, and what is known of it. */
export interface Case {
  readonly id: string
  readonly group: CaseGroup
  readonly kind: DiagnosableKind
  readonly options: Readonly<Record<string, unknown>>
  readonly audio: string
  readonly seconds: number
  readonly reference: string
  /** The library that made it, or `numpy`. */
  readonly made: string
  readonly ours: FrontEnd
  readonly theirs: FrontEnd
  readonly layout: Layout
  readonly faults: readonly Fault[]
}

/** The cases of a folder, by group and id. */
export function readCases(folder: string, groups: readonly string[], ids: readonly string[]): Case[] {
  const file = join(folder, 'cases.json')
  if (!existsSync(file)) throw new UsageError(`${file} is missing: apps/bench/doctor/generate.py makes it`)
  const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] }
  const wanted = cases.filter(({ group, id }) => (ids.length > 0 ? ids.includes(id) : groups.includes(group)))
  if (wanted.length === 0) throw new UsageError(`no such cases in ${file}`)
  return wanted
}
