#!/usr/bin/env bash
# Makes the demo clips next to this script, and transcripts.tsv, with espeak-ng and sox: 16 kHz, mono, 16-bit.
# The words are from the vocabulary of the AN4 model in ../models/an4.
set -euo pipefail
cd "$(dirname "$0")"

# name | voice | words per minute | pitch (0-99) | what the recogniser should write | the text for espeak-ng
clips='
enter-six-two-four|en-us|130|45|ENTER SIX TWO FOUR|Enter six, two, four.
pittsburgh|en-us+f3|120|50|P I T T S B U R G H|P. I. T. T. S. B. U. R. G. H.
march-third|en-us+m3|130|40|MARCH THIRD|March third.
help|en-gb|130|50|HELP|Help.
'

printf 'clip\ttext\n' >transcripts.tsv
while IFS='|' read -r name voice speed pitch text spoken; do
  [ -n "$name" ] || continue
  # -R: the same dither on every run, so that the files do not change
  espeak-ng -v "$voice" -s "$speed" -p "$pitch" --stdout "$spoken" |
    sox -R - -r 16000 -c 1 -b 16 "$name.wav" norm -3 pad 0.3 0.3
  printf '%s.wav\t%s\n' "$name" "$text" >>transcripts.tsv
done <<<"$clips"
