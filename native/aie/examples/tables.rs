//! Writes the kernel's files of tables again.

fn main() -> std::io::Result<()> {
    for (name, text) in dsp_aie::constants::files() {
        std::fs::write(dsp_aie::constants::folder().join(name), text)?;
    }
    Ok(())
}
