#!/usr/bin/env bash
# Makes the demo clips next to this script with espeak-ng and sox: 16 kHz, mono, 16-bit. Nobody speaks in them: both voices are
# synthesized. The sentences differ, so that what the pair of one voice has in common is the voice.
set -euo pipefail
cd "$(dirname "$0")"

# name | voice | words per minute | pitch (0-99) | the text
clips='
anna-1|en-us+f3|150|60|The harbour was quiet in the early morning, and the boats lay still.
anna-2|en-us+f3|155|60|Please bring me a cup of coffee and the newspaper from yesterday.
ben-1|en-gb+m7|140|25|We walked along the river until it was too dark to see the path.
'

while IFS='|' read -r name voice speed pitch spoken; do
  [ -n "$name" ] || continue
  # -R: the same dither on every run, so that the files do not change
  espeak-ng -v "$voice" -s "$speed" -p "$pitch" --stdout "$spoken" |
    sox -R - -r 16000 -c 1 -b 16 "$name.wav" norm -3 pad 0.3 0.3
done <<<"$clips"
