import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { RecordForm } from '@dsp/mel-q15'
import { DspError } from '@dsp/tensor'

/** What a C compiler sees in a header. */
export interface ReadBack {
  /** Per filter: start, peak, end, left width, right width, shift. */
  readonly records: readonly (readonly number[])[]
  /** Per filter. */
  readonly coefficients: readonly (readonly number[])[]
  /** Bytes of records, coefficients and shifts, where pointers have 32 bits. */
  readonly bytes: number
  /** `apply_mel_filter` of each filter over the probe. */
  readonly sums: readonly number[]
}

/** Bins of the probe. */
const PROBE = 65536

/** The spectrum that filters are tried on, bin by bin. */
export const probe = (bin: number) => (bin * 7919) % 32768

const FLAGS = ['-std=c11', '-Wall', '-Wextra', '-Werror', '-Wconversion', '-Wno-unused-const-variable']
/** A compiler that takes longer hangs. */
const TIMEOUT_MS = 60_000

const call = promisify(execFile)

/**
 * Compiles a header with the machine's C compiler (`cc`, or `$CC`) and reads it by a small program.
 * @throws DspError `ERR_DSP_FORMAT` where it does not compile or the program fails, `ERR_DSP_IO` where there is no compiler.
 */
export async function readBack(header: string, form: RecordForm, hasShifts: boolean): Promise<ReadBack> {
  const folder = await mkdtemp(join(tmpdir(), 'dsp-q15-'))
  try {
    await writeFile(join(folder, 'header.h'), header)
    await writeFile(join(folder, 'main.c'), program(form, hasShifts))
    const compiler = process.env.CC || 'cc'
    await call(compiler, [...FLAGS, '-o', 'main', 'main.c'], { cwd: folder, timeout: TIMEOUT_MS }).catch((error) => {
      throw failure(error, compiler)
    })
    const { stdout } = await call(join(folder, 'main'), [], { timeout: TIMEOUT_MS, maxBuffer: 1 << 28 }).catch(
      (error) => {
        throw headerError(`the program that reads the header failed: ${error.message}`)
      },
    )
    return JSON.parse(stdout)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function failure(error: NodeJS.ErrnoException & { stderr?: string }, compiler: string): Error {
  if (error.code === 'ENOENT') {
    return new DspError(`there is no C compiler ${compiler}: install one, or name one in the environment variable CC`, {
      code: 'ERR_DSP_IO',
      argument: 'CC',
    })
  }
  const [line = error.message] = (error.stderr ?? '').split('\n').filter((line) => /error|warning/.test(line))
  return headerError(`the header does not compile: ${line}`)
}

const headerError = (message: string) => new DspError(message, { code: 'ERR_DSP_FORMAT', argument: 'header' })

/** Bounds are checked before anything is read: a header edited by hand may name any bin. */
function program(form: RecordForm, hasShifts: boolean): string {
  const isPointers = form === 'pointers'
  const at = isPointers
    ? '(i < f->left_width ? f->left_slope[i] : f->right_slope[i - f->left_width])'
    : 'mel_coefficients[f->offset + i]'
  const size = isPointers ? '20L * MEL_FILTERS' : '(long)sizeof mel_filters'
  return `#include "header.h"
#include <stdio.h>
static int16_t probe[${PROBE}];
int main(void) {
  const long pool = (long)(sizeof mel_coefficients / sizeof mel_coefficients[0]);
  for (long i = 0; i < ${PROBE}; i++) probe[i] = (int16_t)(i * 7919 % 32768);
  for (int m = 0; m < MEL_FILTERS; m++) {
    const long begin = (long)(mel_filters[m].${isPointers ? 'left_slope - mel_coefficients' : 'offset'});
    const long width = mel_filters[m].left_width + mel_filters[m].right_width;
    if (begin < 0 || begin + width > pool || mel_filters[m].start_bin + width > ${PROBE}) {
      fprintf(stderr, "filter %d lies outside the coefficients", m);
      return 1;
    }
  }
  printf("{\\"bytes\\":%ld,\\"records\\":[", ${size} + (long)sizeof mel_coefficients${hasShifts ? ' + (long)sizeof mel_shifts' : ''});
  for (int m = 0; m < MEL_FILTERS; m++) {
    printf("%s[%d,%d,%d,%d,%d,%d]", m ? "," : "", mel_filters[m].start_bin, mel_filters[m].peak_bin, mel_filters[m].end_bin,
           mel_filters[m].left_width, mel_filters[m].right_width, ${hasShifts ? 'mel_shifts[m]' : '0'});
  }
  printf("],\\"coefficients\\":[");
  for (int m = 0; m < MEL_FILTERS; m++) {
    const struct ${form === 'offsets' ? 'mel_q15_filter' : 'mel_filter'} *f = &mel_filters[m];
    printf("%s[", m ? "," : "");
    for (int i = 0; i < f->left_width + f->right_width; i++) printf("%s%d", i ? "," : "", ${at});
    printf("]");
  }
  printf("],\\"sums\\":[");
  for (int m = 0; m < MEL_FILTERS; m++) printf("%s%ld", m ? "," : "", (long)apply_mel_filter(&mel_filters[m], probe));
  printf("]}");
  return 0;
}
`
}
