#!/usr/bin/env bash
# Compiles the kernel, KISS FFT (BSD-3-Clause; its source comes with the crate kissfft-sys) and CMSIS-DSP (Apache-2.0; its source comes
# with PyPI's cmsisdsp) with the same compiler and options into build/libq15.so. PIP and CC name other commands.
set -euo pipefail
cd "$(dirname "$0")"
aie=../../../../native/aie
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

mkdir -p build "$folder/src"
touch "$folder/src/lib.rs"
printf '[package]\nname = "fetch"\nversion = "0.0.0"\nedition = "2021"\n[dependencies]\nkissfft-sys = "=0.1.0"\n[workspace]\n' > "$folder/Cargo.toml"
cargo vendor --quiet --manifest-path "$folder/Cargo.toml" "$folder/vendor" > /dev/null
kiss=$folder/vendor/kissfft-sys/kissfft

${PIP:-../../.venv/bin/python -m pip} download --quiet --disable-pip-version-check --no-deps --no-binary :all: --no-build-isolation \
  --dest "$folder" cmsisdsp==1.10.3
tar -xzf "$folder/cmsisdsp-1.10.3.tar.gz" -C "$folder"
cmsis=$folder/cmsisdsp-1.10.3

sources=(q15.c "$kiss/kiss_fft.c" "$kiss/kiss_fftr.c")
for part in CommonTables/CommonTables BasicMathFunctions/arm_shift_q15 \
  TransformFunctions/arm_{rfft_q15,rfft_init_q15,cfft_q15,cfft_init_q15,cfft_radix4_q15,bitreversal,bitreversal2}; do
  sources+=("$cmsis/Source/$part.c")
done
for file in "$aie"/kernel/*.c; do
  case $file in *_tile.c | *_aie2.c) ;; *) sources+=("$file") ;; esac
done
# __GNUC_PYTHON__: CMSIS-DSP in portable C, as PyPI's wheel has it on x86-64. -w: its warnings are not ours.
"${CC:-gcc}" -std=gnu11 -O3 -w -shared -fPIC -Wl,-z,defs -DFIXED_POINT=16 -D__GNUC_PYTHON__ -I "$kiss" -I "$cmsis/Include" -I "$cmsis/PrivateInclude" \
  -I "$aie/kernel" -I "$aie/kernel/generated/classic-fixed" "${sources[@]}" -lm -o build/libq15.so
