//! Names the shared library by its ABI, so that the loader keeps programs and
//! library apart when that changes.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/version.rs");
    let source = include_str!("src/version.rs");
    let abi = source
        .split("HY_ABI_VERSION: u32 = ")
        .nth(1)
        .and_then(|rest| rest.split(';').next())
        .unwrap_or_else(|| panic!("src/version.rs no longer states HY_ABI_VERSION"));
    match env::var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("linux" | "freebsd" | "netbsd" | "openbsd" | "dragonfly" | "android") => {
            println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libhuoyan.so.{abi}");
        }
        Ok("macos" | "ios") => {
            println!(
                "cargo::rustc-cdylib-link-arg=-Wl,-install_name,@rpath/libhuoyan.{abi}.dylib"
            );
        }
        _ => {}
    }
}
