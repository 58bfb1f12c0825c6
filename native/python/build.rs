//! Lets the module be linked without libpython on linkers that need an option for it (macOS).

fn main() {
    pyo3_build_config::add_extension_module_link_args();
}
