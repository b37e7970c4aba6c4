//! Packs: the readable source form of rules, in TOML (format 1). Every key, with its
//! default, is in [`packs/FORMAT.md`](https://github.com/huoyan/huoyan/blob/main/core/packs/FORMAT.md).
//!
//! `parse` turns a source text into a checked `Pack`, or into a
//! `PackError` that shows file, line and column of every mistake found.

#[cfg(feature = "compile")]
mod concept;
#[cfg(feature = "compile")]
mod error;
#[cfg(feature = "compile")]
mod extend;
mod limits;
#[cfg(feature = "compile")]
mod model;
#[cfg(all(feature = "compile", feature = "builtin"))]
mod relocate;
#[cfg(feature = "compile")]
mod rule;
#[cfg(feature = "compile")]
mod source;
#[cfg(feature = "compile")]
mod validate;

#[cfg(feature = "compile")]
pub(crate) use error::Problem;
#[cfg(feature = "compile")]
pub use error::{Diagnostic, PackError};
pub use limits::*;
#[cfg(feature = "compile")]
pub use model::{Concept, Example, Matcher, Pack, Rule, Term};
#[cfg(feature = "compile")]
pub use validate::parse;
#[cfg(feature = "compile")]
pub(crate) use validate::{default_disguises, is_hanzi};
