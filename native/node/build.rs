fn main() {
    napi_build::setup();
    // Functions whose machine code is the same are kept once (rustfft's stand in two crates). lld is Rust's own linker
    // on this platform.
    if std::env::var("TARGET").is_ok_and(|target| target == "x86_64-unknown-linux-gnu") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,--icf=all");
    }
}
