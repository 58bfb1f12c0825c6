use std::fs;

fn main() {
    napi_build::setup();
    // Functions whose machine code is the same are kept once. lld is Rust's own linker here; Zig's takes no such argument.
    let own_linker = std::env::var_os("RUSTC_LINKER").is_none();
    if own_linker && std::env::var("TARGET").is_ok_and(|target| target == "x86_64-unknown-linux-gnu") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,--icf=all");
    }
    println!("cargo:rerun-if-changed=package.json");
    println!("cargo:rerun-if-env-changed=RUSTC_LINKER");
    println!("cargo:rustc-env=DSP_PACKAGE_VERSION={}", package_version());
}

/// The version of the npm package, by which its loader knows the binary as its own.
fn package_version() -> String {
    let manifest = fs::read_to_string("package.json").expect("package.json is next to build.rs");
    let (_, rest) = manifest.split_once("\"version\": \"").expect("package.json has a version");
    rest.split('"').next().unwrap_or_default().to_owned()
}
