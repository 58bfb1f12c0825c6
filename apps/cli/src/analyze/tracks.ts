import { readdir, stat } from 'node:fs/promises'
import { basename, extname, join, relative, resolve } from 'node:path'
import { DspError } from '@dsp/tensor'
import { UsageError } from '../failure.js'
import { stem } from '../input.js'
import { STANDARD } from '../standard.js'

/** A sound file, and where its results go. */
export interface Track {
  readonly path: string
  /** Path of the results without their extension. */
  readonly output: string
}

/** A path that gives no tracks, and why. */
export interface Refusal {
  readonly path: string
  readonly error: unknown
}

/** Files of a folder that count as sound; a file that is named itself may be called anything. */
const soundExtensions = new Set(
  '.wav .wave .w64 .rf64 .flac .ogg .oga .mp3 .aif .aiff .aifc .sph .sphere .nist'.split(' '),
)

/**
 * Finds the tracks that paths name: files, and every sound file in folders and their folders. Results of a folder's tracks keep
 * their place in it. Tracks of one name that differ in their extension alone keep it in the results' names.
 * @param paths - Files and folders.
 * @param outDir - The folder of the results.
 * @throws UsageError where two tracks would have the same results.
 */
export async function findTracks(
  paths: readonly string[],
  outDir: string,
): Promise<{ tracks: Track[]; refused: Refusal[] }> {
  const found = new Map<string, { path: string; place: string }>()
  const refused: Refusal[] = []
  if (paths.includes(STANDARD)) throw new UsageError('analyze takes files and folders, not standard input (-)')
  for (const path of paths) {
    try {
      const isFolder = (await stat(path)).isDirectory()
      const files = isFolder ? await soundFiles(path) : [path]
      if (files.length === 0) throw noSound(path)
      for (const file of files) {
        found.set(resolve(file), { path: file, place: isFolder ? relative(path, file) : basename(file) })
      }
    } catch (error) {
      refused.push({ path, error })
    }
  }
  const short = (place: string) => join(place, '..', stem(place))
  const counts = new Map<string, number>()
  for (const { place } of found.values()) counts.set(short(place), (counts.get(short(place)) ?? 0) + 1)
  const tracks = [...found.values()].map(({ path, place }) => ({
    path,
    output: join(outDir, counts.get(short(place)) === 1 ? short(place) : place),
  }))
  const outputs = new Map<string, string>()
  for (const { path, output } of tracks) {
    const other = outputs.get(output)
    if (other !== undefined)
      throw new UsageError(
        `${other} and ${path} would both be written to ${output}.npz: name the folder above them, or analyze them one after the other into two folders`,
      )
    outputs.set(output, path)
  }
  return { tracks, refused }
}

/** The sound files of a folder and its folders, in the order of their names. Links to folders are not followed. */
async function soundFiles(folder: string): Promise<string[]> {
  const files: string[] = []
  const entries = await readdir(folder, { withFileTypes: true })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) files.push(...(await soundFiles(path)))
    else if (soundExtensions.has(extname(entry.name).toLowerCase())) files.push(path)
  }
  return files
}

function noSound(path: string): DspError {
  return new DspError(`${path}: this folder has no sound files`, {
    code: 'ERR_DSP_IO',
    argument: path,
    expected: [...soundExtensions].join(', '),
  })
}
