import type { FeatureInfo } from '@dsp/features'
import { describe, type OptionSpec, type OptionSpecs, parseOption } from '@dsp/tensor'
import { UsageError } from '../failure.js'
import type { Settings } from './kind.js'

/**
 * Reads `--set name=value` by an option's own specification.
 * @param specs - The options that exist.
 * @param assignments - `name=value` texts.
 * @param prefix - What the user writes before the names.
 * @throws UsageError for unknown names and values out of range.
 */
export function parseSettings(
  specs: OptionSpecs<Record<string, unknown>>,
  assignments: readonly string[],
  prefix = '',
): Settings {
  const settings: Record<string, unknown> = {}
  for (const assignment of assignments) {
    const equals = assignment.indexOf('=')
    if (equals < 1) throw new UsageError(`--set takes name=value, got ${JSON.stringify(assignment)}`)
    const name = assignment.slice(0, equals)
    if (!Object.hasOwn(specs, name)) {
      throw new UsageError(
        `there is no option ${JSON.stringify(name)}; the options are: ${Object.keys(specs).join(', ')}`,
      )
    }
    if (Object.hasOwn(settings, name)) throw new UsageError(`--set ${prefix}${name} was given twice`)
    try {
      settings[name] = parseOption(name, specs[name]!, assignment.slice(equals + 1))
    } catch (error) {
      throw new UsageError(`--set ${prefix}${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return settings
}

/** The options that `--set` takes of a kind, one per line. */
export function describeSettings({ options, rateOption }: FeatureInfo): string {
  const specs = options as OptionSpecs<Record<string, unknown>>
  const names = Object.keys(specs)
  const width = Math.max(...names.map((name) => name.length))
  return names.map((name) => `  ${name.padEnd(width)}  ${range(specs[name]!, name === rateOption)}`).join('\n')
}

function range(spec: OptionSpec<unknown>, isRate: boolean): string {
  const value = spec.default === undefined ? 'required' : `default ${isRate ? "the file's" : show(spec.default)}`
  return `${describe(spec)} (${value})`
}

/** A default as `--set` takes it; JSON has no NaN and no infinity. */
function show(value: unknown): string {
  return typeof value === 'number' ? String(value) : JSON.stringify(value)
}
