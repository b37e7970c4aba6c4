//! What can be wrong with the bytes of a ruleset.

use core::fmt;

/// Bytes that cannot be loaded as a ruleset.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoadError {
    /// The bytes do not begin as a compiled ruleset does.
    NotARuleset,
    /// The ruleset is of a format version that this library does not read.
    Version {
        /// The version found.
        found: u32,
        /// The version that this library reads.
        supported: u32,
    },
    /// The ruleset has the format version that this library reads, but its tables
    /// are laid out in another way: it was written between releases.
    Layout {
        /// The format version of both.
        version: u32,
        /// The number of the layout found.
        found: u32,
        /// The number of the layout that this library reads.
        supported: u32,
    },
    /// The bytes are cut short, or go on after their end.
    Length {
        /// How many bytes there are.
        found: usize,
        /// How many the header announces.
        announced: usize,
    },
    /// The checksum does not match: the bytes were changed.
    Checksum,
    /// The tables contradict each other.
    Damaged(&'static str),
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadError::NotARuleset => f.write_str(
                "not a compiled ruleset; compile the pack with `huoyan compile`",
            ),
            LoadError::Version { found, supported } => write!(
                f,
                "the ruleset has format version {found}, this library reads {supported}; \
                 compile the pack again"
            ),
            LoadError::Layout { version, found, supported } => write!(
                f,
                "the ruleset has format version {version} with its tables laid out as \
                 {found:08x}, this library reads {version} with {supported:08x}; compile \
                 the pack again"
            ),
            LoadError::Length { found, announced } => write!(
                f,
                "the ruleset is {found} bytes long but announces {announced}; it was cut or \
                 joined with something"
            ),
            LoadError::Checksum => {
                f.write_str("the ruleset's checksum is wrong: it was changed")
            }
            LoadError::Damaged(what) => write!(f, "the ruleset is damaged: {what}"),
        }
    }
}

impl core::error::Error for LoadError {}
