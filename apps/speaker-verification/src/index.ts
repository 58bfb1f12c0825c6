/**
 * Speaker verification of recordings: opens any format and length, removes silence, embeds the voice and compares.
 * @module
 */
export * from './default-gallery.js'
export type { Note } from './notes.js'
export * from './options.js'
export type { Recording } from './recording.js'
export * from './speaker-verifier.js'
