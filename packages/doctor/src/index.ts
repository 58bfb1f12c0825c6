/**
 * Why two feature matrices differ: finds the settings that reproduce a reference and names every difference.
 * @module
 */
export { type Cause, type CauseId, causeIds } from './cause.js'
export {
  type Difference,
  type DifferenceContext,
  differences,
  type Field,
  fieldsOf,
  withFields,
} from './cause-fields.js'
export { diagnoseFeatures } from './compare-only/diagnose-features.js'
export { featuresText } from './compare-only/text.js'
export type { FeatureDiagnosis, Sign } from './compare-only/types.js'
export { type DiagnoseInput, diagnose } from './diagnose.js'
export type { Diagnosis, DiagnosisProgress, Finding } from './diagnosis.js'
export { extractFrontEnd } from './extract.js'
export { type DiagnoseReportOptions, diagnoseReport } from './figures/diagnose-report.js'
export { parseReport } from './figures/parse.js'
export type {
  Candidate,
  Fault,
  FeatureReport,
  Figures,
  ReportDiagnosis,
  ReportedSide,
  SourceFormat,
  Statement,
} from './figures/report.js'
export { reportText } from './figures/text.js'
export { catalogue, explain } from './fixes/catalogue.js'
export { type Fix, type FixedLibrary, fixedLibraries } from './fixes/fix.js'
export type { FrontEnd, Layout } from './front-end.js'
export type { GainContext } from './gain.js'
export { type DiagnosableKind, diagnosableKinds, frontEndOf } from './kinds.js'
export type { Matrix } from './matrix.js'
export { type PythonLibrary, pythonLibraries, pythonScript } from './recipes/python/script.js'
export type { Recipe } from './recipes/recipe.js'
export { recipes } from './recipes/recipes.js'
export { describeSetting } from './words/describe.js'
export { equivalents, type SentenceContext, sentence } from './words/sentence.js'
