import { readFileSync, writeFileSync } from 'node:fs'
import { repositoryRoot } from '@dsp/tensor/testing'
import { describe, expect, it } from 'vitest'
import { catalogueMarkdown } from '../src/fixes/catalogue.js'
import { fixedLibraries } from '../src/fixes/fix.js'
import { catalogue, causeIds, explain } from '../src/index.js'

const page = `${repositoryRoot()}/docs/guide/doctor.md`
const readme = `${repositoryRoot()}/packages/doctor/README.md`

describe('the catalogue', () => {
  it('tells of every cause what it looks like, and how to set it in every library', () => {
    expect(Object.keys(catalogue).sort()).toEqual([...causeIds].sort())
    for (const { title, looksLike, how } of Object.values(catalogue)) {
      expect(title).toMatch(/^[A-Z]/)
      expect(looksLike).toMatch(/\.$/)
      expect(Object.keys(how)).toEqual([...fixedLibraries])
      for (const text of Object.values(how)) expect(text.split('`').length % 2).toBe(1)
    }
  })

  // DSP_WRITE_DOCS=1 writes the page instead.
  it('is what the page says', () => {
    const text = readFileSync(page, 'utf8')
    const written = text.replace(
      /(<!-- #region causes -->\n)[\s\S]*?(<!-- #endregion causes -->)/,
      (_, start: string, end: string) => `${start}\n${catalogueMarkdown()}\n\n${end}`,
    )
    if (process.env.DSP_WRITE_DOCS === '1') writeFileSync(page, written)
    expect(readFileSync(page, 'utf8')).toBe(written)
  })

  it('has a row for every cause in the README', () => {
    const rows = [...readFileSync(readme, 'utf8').matchAll(/^\| `([\w-]+)` \|/gm)].map(([, id]) => id)
    expect(rows.filter((id) => (causeIds as readonly string[]).includes(id!))).toEqual([...causeIds])
  })

  it('is text without Markdown in a terminal', () => {
    expect(`\n${explain('mel-scale')}\n`).toMatchInlineSnapshot(`
      "
      Mel scale (mel-scale)

      Both are the same at the edges and differ between: mean near 0, but peaks of speech sit in other bins. Slaney for HTK: correlation 0.82, root mean square 2.1.

        torchaudio          mel_scale='slaney' in transforms (default 'htk'); compliance.kaldi knows HTK's alone.
        kaldi-native-fbank  opts.mel_opts.is_librosa = True with use_slaney_mel_scale; HTK's otherwise.
        librosa             htk=True for HTK's scale; the default is Slaney's.
        sherpa-onnx         Fixed: HTK's; Slaney's for NeMo models.
        @dsp                isLibrosa and useSlaneyMelScale of fbank and mfcc, htk of mel. The kinds whisper and nemo have Slaney's.
      "
    `)
    expect(() => explain('magic' as never)).toThrow('id must be one of channel, ')
  })
})
