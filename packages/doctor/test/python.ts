import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readNpy } from '@dsp/tensor'

const local = new URL('../../../apps/bench/.venv/bin/python', import.meta.url).pathname
const MODULES = ['torchaudio', 'librosa', 'kaldi_native_fbank', 'soundfile', 'soxr', 'scipy.fft', 'transformers']

/** The first Python that has the libraries: that of `DSP_BENCH_PYTHON`, or the one that `apps/bench/install-peers.sh` sets up. */
export const python = [process.env.DSP_BENCH_PYTHON, local].find(
  (path) =>
    path !== undefined &&
    (path === process.env.DSP_BENCH_PYTHON || existsSync(path)) &&
    spawnSync(path, ['-c', `import ${MODULES.join(', ')}`]).status === 0,
)

const RUN = `
import json, runpy, sys, traceback
for script, audio, out in json.load(open(sys.argv[1])):
    sys.argv = [script, audio, out]
    try:
        runpy.run_path(script, run_name='__main__')
    except BaseException:
        open(out + '.error', 'w').write(traceback.format_exc())
`

/** Runs scripts in one process, each on an audio file. Returns what they wrote, as rows of columns, or the error that they raised. */
export function runScripts(jobs: readonly { script: string; audio: Uint8Array }[]) {
  const folder = mkdtempSync(join(tmpdir(), 'dsp-doctor-'))
  try {
    const named = jobs.map(({ script, audio }, i) => {
      const paths = [`${i}.py`, `${i}.wav`, `${i}.npy`].map((name) => join(folder, name)) as [string, string, string]
      writeFileSync(paths[0], script)
      writeFileSync(paths[1], audio)
      return paths
    })
    writeFileSync(join(folder, 'jobs.json'), JSON.stringify(named))
    const run = spawnSync(python!, ['-W', 'ignore', '-c', RUN, join(folder, 'jobs.json')], { encoding: 'utf8' })
    if (run.status !== 0) throw new Error(run.stderr)
    return named.map(([, , out]) => {
      if (existsSync(`${out}.error`)) return { error: readFileSync(`${out}.error`, 'utf8') }
      const { data, shape } = readNpy(readFileSync(out))
      return { data: data as Float32Array, frames: shape[0]!, bins: shape[1]! }
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}
