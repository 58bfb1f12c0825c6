import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '@dsp/tensor/testing'

/** The page that works the case through. */
export const page = join(repositoryRoot(), 'docs/guide/posted-case.md')

const [, words, , output] = /```text\n([\s\S]*?)```[\s\S]*?```sh\n([\s\S]*?)```\n\n```\n([\s\S]*?)```/.exec(
  readFileSync(page, 'utf8'),
)!

/** A question as it was posted, in words. */
export const postedCase = words!

/** What the page says that the command prints. */
export const printed = output!
