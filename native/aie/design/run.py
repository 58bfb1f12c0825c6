"""Runs a design on this machine: python3 run.py DESIGN.mlir --kernel mel_q15.o --frames N [--audio A.raw --features F.bin]

The text of the design itself is lowered to x86 (or whatever this machine is) by MLIR's own tools, linked with the kernel and run
by emulate.c; see there for what is compared. Needs xdsl, mlir-opt, mlir-translate, llc and cc. This proves that the text does
what the kernel does; it is not an NPU.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from check import check
from lower import describe, glue, lower_cores

HERE = Path(__file__).parent
PASSES = [
    "--convert-scf-to-cf",
    "--convert-cf-to-llvm",
    "--convert-arith-to-llvm",
    "--finalize-memref-to-llvm",
    "--convert-func-to-llvm=use-bare-ptr-memref-call-conv=1",
    "--reconcile-unrealized-casts",
]


def tool(name: str) -> str:
    found = shutil.which(f"{name}-22") or shutil.which(name)
    if found is None:
        sys.exit(f"{name} is not installed: apt-get install mlir-22-tools llvm-22")
    return found


def run(*command: object) -> None:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{Path(str(command[0])).name} failed with {done.returncode}:\n{done.stdout}{done.stderr}")


def build(text: str, kernels: list[str], folder: Path, flags: list[str]) -> Path:
    """The executable that is the design, in a folder."""
    design = check(text)
    (folder / "design.txt").write_text(describe(design))
    (folder / "cores.mlir").write_text(lower_cores(design))
    (folder / "glue.c").write_text(glue(design))
    run(tool("mlir-opt"), *PASSES, folder / "cores.mlir", "-o", folder / "lowered.mlir")
    run(tool("mlir-translate"), "--mlir-to-llvmir", folder / "lowered.mlir", "-o", folder / "cores.ll")
    run(tool("llc"), "-filetype=obj", "-relocation-model=pic", folder / "cores.ll", "-o", folder / "cores.o")
    sources = [folder / "glue.c", HERE / "emulate.c", folder / "cores.o", *kernels]
    warnings = ["-Wall", "-Wextra", "-Werror"]
    run("cc", "-std=gnu11", "-O2", *warnings, *flags, *sources, "-lpthread", "-lm", "-o", folder / "emulate")
    return folder / "emulate"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("design")
    parser.add_argument("--kernel", action="append", default=[], help="C or object files that have the kernel's function")
    parser.add_argument("--flag", action="append", default=[], help="of the C compiler, as in --flag=-DNAME")
    parser.add_argument("--frames", type=int, required=True)
    parser.add_argument("--hop", type=int, default=160)
    parser.add_argument("--audio", help="int16 samples; without them the audio is noise")
    parser.add_argument("--features", help="where to write what comes out")
    options = parser.parse_args()
    if (options.audio is None) != (options.features is None):
        parser.error("--audio and --features go together")
    files = [] if options.audio is None else [options.audio, options.features]
    with tempfile.TemporaryDirectory(prefix="dsp-design-") as folder:
        program = build(Path(options.design).read_text(), options.kernel, Path(folder), options.flag)
        words = [program, Path(folder) / "design.txt", options.hop, options.frames, *files]
        return subprocess.run([str(word) for word in words]).returncode


if __name__ == "__main__":
    sys.exit(main())
