fn main() {
    napi_build::setup();
    // Functions whose machine code is the same are kept once. lld is Rust's own linker here.
    if std::env::var("TARGET").is_ok_and(|target| target == "x86_64-unknown-linux-gnu") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,--icf=all");
    }
}
