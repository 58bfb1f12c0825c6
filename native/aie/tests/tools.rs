//! The kernel under other compilers, machines and checks, each by its tool; a missing tool is a loud skip.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The kernel's files, without the tile's entry, which needs a generated header.
fn sources() -> Vec<PathBuf> {
    let folder = dsp_aie::constants::folder();
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|end| end == "c") && !path.ends_with("mel_q15_tile.c"));
    files.sort();
    files
}

fn found(tool: &str) -> bool {
    let is_there = Command::new(tool).arg("--version").output().is_ok_and(|output| output.status.success());
    if !is_there {
        eprintln!("SKIPPED: {tool} is not installed");
    }
    is_there
}

/// A folder of this test run.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{command:?}:\n{text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

/// Compiles `checks/hashes.c` with the kernel, and returns the program.
fn hashes(compiler: &str, name: &str, flags: &[&str]) -> PathBuf {
    let program = folder("hashes").join(name);
    let check = Path::new(env!("CARGO_MANIFEST_DIR")).join("checks/hashes.c");
    let mut command = Command::new(compiler);
    command.args(["-std=c11", "-I"]).arg(dsp_aie::constants::folder()).args(flags).arg(check).args(sources());
    run(command.arg("-o").arg(&program));
    program
}

/// Frames for each of the twelve configurations: KERNEL_FRAMES, or a thousand in all.
fn frames() -> String {
    std::env::var("KERNEL_FRAMES").unwrap_or_else(|_| "88".to_owned())
}

const WARNINGS: [&str; 6] = ["-Wall", "-Wextra", "-Werror", "-Wconversion", "-Wsign-conversion", "-pedantic"];

#[test]
fn compilers_have_nothing_to_warn_of() {
    for compiler in ["gcc", "clang"] {
        if !found(compiler) {
            continue;
        }
        for optimisation in ["-O0", "-O3", "-Os"] {
            for source in sources() {
                let mut command = Command::new(compiler);
                command.args(["-std=c11", optimisation]).args(WARNINGS).arg("-c").arg(source);
                run(command.arg("-o").arg(folder("warnings").join("kernel.o")));
            }
        }
    }
    if found("g++") {
        // Peano takes the vector form as C++.
        let mut command = Command::new("g++");
        command.args(["-x", "c++", "-std=c++20"]).args(&WARNINGS[..5]).arg("-c");
        command.arg(dsp_aie::constants::folder().join("mel_q15_aie2.c"));
        run(command.arg("-o").arg(folder("warnings").join("aie2.o")));
    }
}

#[test]
fn sanitizers_find_nothing() {
    if !found("gcc") {
        return;
    }
    let flags = ["-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
    let plain = run(Command::new(hashes("gcc", "plain", &["-O3"])).arg(frames()));
    assert_eq!(run(Command::new(hashes("gcc", "sanitized", &flags)).arg(frames())), plain);
}

#[test]
fn every_machine_gives_the_same_codes() {
    if !found("gcc") {
        return;
    }
    let here = run(Command::new(hashes("gcc", "here", &["-O3"])).arg(frames()));
    assert_eq!(here.lines().count(), 12);
    let targets = [
        ("aarch64-linux-gnu-gcc", "qemu-aarch64"),
        ("arm-linux-gnueabihf-gcc", "qemu-arm"),
        ("riscv64-linux-gnu-gcc", "qemu-riscv64"),
        ("s390x-linux-gnu-gcc", "qemu-s390x"),
    ];
    for (compiler, emulator) in targets {
        if found(compiler) && found(emulator) {
            let program = hashes(compiler, compiler, &["-O2", "-static"]);
            assert_eq!(run(Command::new(emulator).arg(program).arg(frames())), here, "{emulator}");
        }
    }
}

/// Frames of one fifo element, and two elements each way.
const CALL: usize = 8;
const FIFOS: usize = 2 * CALL * (400 * 2 + 80 * 2);
/// The generator's largest bank of 80 filters, by offsets, with its packed form.
const BANK: usize = 3 * 1024 + 2 * 4608;

/// No compiler for the AIE2 can be had here: 32-bit ARM at -Os stands in for it, and its figures are labelled so.
#[test]
fn fits_a_tile_by_the_figures_of_a_proxy() {
    let compiler = "arm-linux-gnueabihf-gcc";
    if !found(compiler) || !found("arm-linux-gnueabihf-size") {
        return;
    }
    let folder = folder("sizes");
    let (mut text, mut constants, mut stack) = (0, [0, 0], 0);
    for source in sources() {
        let name = source.file_stem().unwrap().to_str().unwrap().to_owned();
        let object = folder.join(&name).with_extension("o");
        let mut command = Command::new(compiler);
        command.args(["-std=c11", "-Os", "-fstack-usage", "-c"]).arg(&source).arg("-o").arg(&object);
        run(command.current_dir(&folder));
        for line in run(Command::new("arm-linux-gnueabihf-size").arg("-A").arg(&object)).lines() {
            let mut words = line.split_whitespace();
            let (section, size) =
                (words.next().unwrap_or(""), words.next().and_then(|size| size.parse::<usize>().ok()));
            let (Some(size), true) = (size, section.starts_with(".text") || section.starts_with(".rodata")) else {
                continue;
            };
            match name.as_str() {
                "mel_q15_400" => constants[0] += size,
                "mel_q15_512" => constants[1] += size,
                _ if section.starts_with(".text") => text += size,
                _ => constants.iter_mut().for_each(|sum| *sum += size),
            }
        }
        // Each line ends in the bytes of one function and how they are known. The sum is above any chain of calls.
        let usage = std::fs::read_to_string(folder.join(&name).with_extension("su")).unwrap_or_default();
        for line in usage.lines() {
            let fields: Vec<&str> = line.split('\t').collect();
            assert!(fields[2].starts_with("static"), "the stack of {} is not bounded", fields[0]);
            // One of the two forms runs.
            if name != "mel_q15_aie2" {
                stack += fields[1].parse::<usize>().unwrap();
            }
        }
    }
    let constants = constants[0].max(constants[1]);
    let all = stack + FIFOS + constants + BANK;
    println!(
        "proxy armhf -Os: text {text}, stack at most {stack}, constants {constants}, fifos {FIFOS}, in all {all} bytes"
    );
    assert!(text <= 16 * 1024, "text of {text} bytes");
    assert!(stack <= 6 * 1024, "a stack of {stack} bytes");
    assert!(all <= 64 * 1024, "{all} bytes of data");
}
