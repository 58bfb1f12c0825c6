// Every check of a rehearsal, in the order in which they run.
import bundlers from './bundlers.mjs'
import cli from './cli.mjs'
import contents from './contents.mjs'
import managers from './managers.mjs'
import node from './node.mjs'
import runtimes from './runtimes.mjs'
import typescript from './typescript.mjs'

export const CHECKS = [...contents, ...node, ...typescript, ...managers, ...runtimes, ...bundlers, ...cli]
