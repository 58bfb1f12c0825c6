/** All that a module imports from emnapi, as one module `env`, with some of it replaced. */
export function environment({ env, napi, emnapi }, own) {
  return { ...env, ...napi, ...emnapi, ...own }
}
