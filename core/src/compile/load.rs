//! Packs and compiled rulesets, told apart by their bytes.

use crate::pack::PackError;
use crate::ruleset::{LoadError, Ruleset};
use std::borrow::Cow;
use std::fmt;

/// Bytes of a file that are neither a pack nor a compiled ruleset that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PackFileError {
    /// A compiled ruleset that cannot be loaded.
    Ruleset(LoadError),
    /// A pack's source that cannot be compiled.
    Pack(PackError),
    /// No compiled ruleset, and no pack's source either, since that is UTF-8.
    NotText {
        /// The first byte that is not UTF-8.
        at: usize,
    },
}

impl fmt::Display for PackFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PackFileError::Ruleset(error) => error.fmt(f),
            PackFileError::Pack(error) => error.fmt(f),
            PackFileError::NotText { at } => write!(
                f,
                "not UTF-8 at byte {at}; a pack is TOML in UTF-8, or what \
                 `huoyan compile` wrote"
            ),
        }
    }
}

impl std::error::Error for PackFileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            PackFileError::Ruleset(error) => Some(error),
            PackFileError::Pack(error) => Some(error),
            PackFileError::NotText { .. } => None,
        }
    }
}

impl<'a> Ruleset<'a> {
    /// The ruleset in the bytes of a file, which may be a pack's TOML source or what
    /// [`to_bytes`](Self::to_bytes) or `huoyan compile` made of one. `name` is for
    /// errors. Borrowed bytes of a compiled ruleset are used where they lie.
    ///
    /// ```
    /// use huoyan::{PackFileError, Ruleset};
    ///
    /// let source = b"format = 1\n[pack]\nid = 'x'\nversion = '1'\n";
    /// let ruleset = Ruleset::load("x.toml", &source[..])?;
    /// assert_eq!(Ruleset::load("x.huoyan", ruleset.to_bytes())?.id(), "x");
    /// let error = Ruleset::load("x.png", &b"\x89PNG"[..]).unwrap_err();
    /// assert_eq!(error, PackFileError::NotText { at: 0 });
    /// # Ok::<(), PackFileError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`PackFileError`]: what begins as a compiled ruleset has the errors of
    /// [`from_bytes`](Self::from_bytes), what is other text those of
    /// [`compile_named`](Ruleset::compile_named).
    pub fn load(
        name: &str,
        bytes: impl Into<Cow<'a, [u8]>>,
    ) -> Result<Ruleset<'a>, PackFileError> {
        let bytes = bytes.into();
        if Ruleset::is_compiled(&bytes) {
            return Ruleset::from_bytes(bytes).map_err(PackFileError::Ruleset);
        }
        let source = std::str::from_utf8(&bytes)
            .map_err(|error| PackFileError::NotText { at: error.valid_up_to() })?;
        Ruleset::compile_named(name, source).map_err(PackFileError::Pack)
    }
}
