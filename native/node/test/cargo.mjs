// Runs the Rust tests of the whole workspace and keeps what they printed, from which `.ci/run` adds up its totals.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'

const args = ['test', '--manifest-path', '../Cargo.toml', '--workspace', '--all-features', '--quiet']
const { status, stdout } = spawnSync('cargo', args, {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
  maxBuffer: 1 << 28,
})
process.stdout.write(stdout)
mkdirSync('reports', { recursive: true })
writeFileSync('reports/cargo.txt', stdout)
process.exit(status ?? 1)
