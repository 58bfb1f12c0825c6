import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Gallery } from '@dsp/sincnet'
import type { SpeakerVerifier } from '@dsp/speaker-verification'
import { DspError } from '@dsp/tensor'
import { followLinks, makeFolder } from './output.js'

/** The file of the voices: the one named, or the user's own. */
export async function galleryPath(given: string | undefined): Promise<string> {
  if (given !== undefined) return followLinks(given)
  const { defaultGallery } = await import('@dsp/speaker-verification')
  return followLinks(defaultGallery())
}

/**
 * Opens a gallery.
 * @param path - Its file.
 * @param verifier - The encoder whose embeddings it must hold.
 * @param create - Whether a missing file counts as an empty gallery.
 */
export async function openGallery(path: string, { model }: SpeakerVerifier, create: boolean): Promise<Gallery> {
  const { Gallery } = await import('@dsp/sincnet')
  if (existsSync(path)) return Gallery.load(path, model.identity)
  if (create) return new Gallery(model.identity, model.embedding)
  const message = `${path}: there is no gallery yet; dsp enroll NAME AUDIO… makes one`
  throw new DspError(message, { code: 'ERR_DSP_IO', argument: path, expected: 'a gallery', actual: 'no file' })
}

/** Writes a gallery, whole or not at all, and creates its folder if it is the user's own. */
export async function saveGallery(path: string, gallery: Gallery, isOwn: boolean): Promise<void> {
  if (isOwn) await makeFolder(dirname(path))
  await gallery.save(path)
}
