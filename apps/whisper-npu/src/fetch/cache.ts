import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * The folder in which fetched models are kept: `DSP_CACHE`, or `dsp` in the user's cache folder.
 *
 * @example
 * ```ts
 * import { modelCache } from '@dsp/whisper-npu'
 * process.env.DSP_CACHE = '/tmp/models'
 * modelCache() // => '/tmp/models/whisper'
 * ```
 */
export function modelCache(): string {
  return join(process.env.DSP_CACHE || userCache(), 'whisper')
}

function userCache(): string {
  if (process.platform === 'win32') return join(process.env.LOCALAPPDATA || homedir(), 'dsp', 'Cache')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'dsp')
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'dsp')
}
