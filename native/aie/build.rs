//! Compiles the kernel for the host; not for WebAssembly, which has no threads for the emulated tiles.

fn main() {
    println!("cargo::rerun-if-changed=kernel");
    if std::env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm") {
        return;
    }
    let mut files: Vec<_> = std::fs::read_dir("kernel")
        .expect("the kernel's folder is there")
        .map(|entry| entry.expect("the kernel's folder can be read").path())
        .filter(|path| path.extension().is_some_and(|end| end == "c") && !path.ends_with("mel_q15_tile.c"))
        .collect();
    files.sort();
    // Vectors of the host's compiler come with -O3; debug builds want them, too.
    cc::Build::new().files(files).std("c11").opt_level(3).warnings(true).extra_warnings(true).compile("mel_q15");
}
