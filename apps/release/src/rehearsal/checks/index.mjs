// Every check of a rehearsal, in the order in which they run.
import node from './node.mjs'

export const CHECKS = [...node]
