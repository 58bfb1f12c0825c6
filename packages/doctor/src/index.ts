/**
 * Why two feature matrices differ: finds the settings that reproduce a reference and names every difference.
 * @module
 */
export { extractFrontEnd } from './extract.js'
export type { FrontEnd, Layout } from './front-end.js'
export { type DiagnosableKind, diagnosableKinds, frontEndOf } from './kinds.js'
