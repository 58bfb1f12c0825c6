import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * The gallery of the commands: `speakers.gallery` in `DSP_DATA`, or in `dsp` in the user's data folder.
 *
 * @example
 * ```ts
 * import { defaultGallery } from '@dsp/speaker-verification'
 * process.env.DSP_DATA = '/tmp/voices'
 * defaultGallery() // => '/tmp/voices/speakers.gallery'
 * ```
 */
export function defaultGallery(): string {
  return join(process.env.DSP_DATA || userData(), 'speakers.gallery')
}

function userData(): string {
  if (process.platform === 'win32') return join(process.env.APPDATA || homedir(), 'dsp')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'dsp')
  return join(process.env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'dsp')
}
