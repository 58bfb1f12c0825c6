#!/bin/sh
# Draws the figures of docs/guide/fixed-point.md from the coefficients that a compiler reads in the generated headers.
set -eu
cd "$(dirname "$0")/../../.."
for profile in classic whisper; do
  node apps/cli/bin/dsp.js q15 validate --profile "$profile" --plot "docs/public/q15-$profile.png"
done
