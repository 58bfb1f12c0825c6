/**
 * Why two feature matrices differ: finds the settings that reproduce a reference and names every difference.
 * @module
 */
export { extractFrontEnd } from './extract.js'
export type { FrontEnd, Layout } from './front-end.js'
export { type DiagnosableKind, diagnosableKinds, frontEndOf } from './kinds.js'
export { type Cause, type CauseId, causeIds } from './cause.js'
export { type Difference, type DifferenceContext, differences, type Field, fieldsOf } from './cause-fields.js'
export { type DiagnoseInput, diagnose } from './diagnose.js'
export type { Diagnosis, DiagnosisProgress, Finding, Matrix } from './diagnosis.js'
export type { GainContext } from './gain.js'
export { describeSetting } from './words/describe.js'
export { equivalents, type SentenceContext, sentence } from './words/sentence.js'
