import { modelError } from '@dsp/onnx'
import { show } from '@dsp/tensor'

/** A value that a part of the model states. */
export type Claimed = number | string | boolean

/**
 * What the parts of a model (ONNX metadata, tensor shapes, tokens.txt, config.json) say about it. A contradiction between two
 * parts is an error that names both: a wrong front end does not fail, it just recognises badly.
 */
export class Claims {
  private readonly values = new Map<string, { value: Claimed; source: string }>()

  /**
   * Notes that a source states a value; nothing is noted for `undefined`.
   * @param name - The setting.
   * @param value - Its value there.
   * @param source - Where it stands, e.g. "feat_dim of encoder.onnx".
   */
  claim(name: string, value: Claimed | undefined, source: string): void {
    if (value === undefined) return
    const known = this.values.get(name)
    if (known === undefined) this.values.set(name, { value, source })
    else if (known.value !== value) {
      const [one, other] = [show(known.value), show(value)]
      throw modelError(
        `the model contradicts itself: ${name} is ${one} in ${known.source} but ${other} in ${source}; use files that belong together`,
        name,
        `${one} (${known.source})`,
        `${other} (${source})`,
      )
    }
  }

  /** The value of a setting, where something states it. */
  get(name: string): Claimed | undefined {
    return this.values.get(name)?.value
  }

  /** The number that a setting has, or the fallback. */
  number(name: string, fallback: number): number
  number(name: string): number | undefined
  number(name: string, fallback?: number): number | undefined {
    const value = this.get(name)
    return typeof value === 'number' ? value : fallback
  }

  /** The settings whose names begin with the prefix, without it. */
  under(prefix: string): [string, Claimed][] {
    return [...this.values]
      .filter(([name]) => name.startsWith(prefix))
      .map(([n, v]) => [n.slice(prefix.length), v.value])
  }
}
