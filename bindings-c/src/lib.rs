//! The C interface: one file for each C type, all pointers read in `ffi`.
//!
//! The contract with callers is the head of `include/huoyan.h`, which is
//! generated from these sources (`cargo xtask gen-header`). Doc comments of
//! exported items are written for readers of C.

// C sees no modules; they are public so that all that is exported is.
// Names and signatures here are C's.
#![allow(non_camel_case_types)]
// Exporting a function is itself `unsafe` in Rust; `tests/pointers.rs` holds
// that pointers are read in `ffi` alone.
#![allow(unsafe_code)]
// The contract on pointers is one for all functions, at the head of the header.
#![allow(clippy::missing_safety_doc)]
#![deny(unsafe_op_in_unsafe_fn, clippy::undocumented_unsafe_blocks)]

#[cfg(not(panic = "unwind"))]
compile_error!("panics are caught at the C boundary: build with panic = \"unwind\"");

// In the order of the header.
pub mod version;

pub mod status;

pub mod text;

pub mod error;

pub mod category;

pub mod disguise;

pub mod ruleset;

pub mod finding;

pub mod contact;

pub mod result;

pub mod scratch;

pub mod scan;

pub mod stream;

pub mod fold;

pub mod explain;

mod ffi;
