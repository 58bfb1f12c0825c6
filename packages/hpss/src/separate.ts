import { resolveWindowed, stftParameters } from '@dsp/fft'
import { warn } from '@dsp/signal'
import type { OptionSpecs } from '@dsp/tensor'
import type { PartOptions } from './options.js'

/** Checks the options of a separation and gives them as the core takes them. */
export function separationParameters<O extends PartOptions>(
  owner: string,
  specs: OptionSpecs<O>,
  options: Partial<O> | undefined,
): O {
  const resolved = resolveWindowed(owner, specs, options)
  if (resolved.window !== 'hann') {
    const reason = 'as librosa.effects does not: frames are Hann windows'
    warn('DSP_HPSS_WINDOW', `${owner} does not use the option window, ${reason}`)
  }
  const frames = stftParameters({ ...resolved, window: 'hann', beta: 0 }, resolved.nFft, resolved.padMode)
  return { ...resolved, ...frames }
}
