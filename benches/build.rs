//! Looks for Hyperscan (or Vectorscan, which has the same interface).

use std::process::Command;

fn main() {
    println!("cargo::rustc-check-cfg=cfg(hyperscan)");
    println!("cargo::rerun-if-changed=build.rs");
    // As long as it is missing, the library is looked for in every build.
    println!("cargo::rerun-if-changed=/usr/include/hs/hs.h");
    let found = Command::new("pkg-config").args(["--libs-only-L", "libhs"]).output();
    if found.is_ok_and(|output| output.status.success()) {
        println!("cargo::rustc-cfg=hyperscan");
        println!("cargo::rustc-link-lib=dylib=hs");
    } else {
        println!(
            "cargo::warning=no libhs: install libhyperscan-dev or libvectorscan-dev"
        );
    }
}
