//! What can be wrong with a post.

use std::borrow::Cow;

/// Problems that are told and mended alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    NotUtf8,
    HalfPair,
    TooLong,
    NotJson,
    NotObject,
    NoField,
    WrongField,
    Columns,
    NoLabel,
}

impl Kind {
    /// What posts of the kind have in common.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::NotUtf8 => "not valid UTF-8",
            Kind::HalfPair => "half of a surrogate pair",
            Kind::TooLong => "longer than 16 MiB",
            Kind::NotJson => "not JSON",
            Kind::NotObject => "no JSON object",
            Kind::NoField => "without the field",
            Kind::WrongField => "a field of another type",
            Kind::Columns => "other columns than the header",
            Kind::NoLabel => "without a label",
        }
    }
}

/// Why a post cannot be read.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) kind: Kind,
    /// What is wrong and what to do about it.
    pub(crate) what: Cow<'static, str>,
}

impl Problem {
    pub(crate) fn new(kind: Kind, what: impl Into<Cow<'static, str>>) -> Problem {
        Problem { kind, what: what.into() }
    }

    pub(crate) fn too_long() -> Problem {
        Problem::new(Kind::TooLong, "longer than 16 MiB; split the post")
    }
}

/// A part of a post that cannot be read as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    /// [`Kind::NotUtf8`] or [`Kind::HalfPair`].
    pub(crate) kind: Kind,
    /// Where it begins, in bytes of the text.
    pub(crate) at: usize,
}

impl Broken {
    /// The first bytes of a text that are not UTF-8.
    pub(crate) fn find(text: &[u8]) -> Option<Broken> {
        let error = std::str::from_utf8(text).err()?;
        Some(Broken { kind: Kind::NotUtf8, at: error.valid_up_to() })
    }

    /// A warning; `done` tells what is done with the post all the same.
    pub(crate) fn warning(self, done: &str) -> String {
        let Broken { kind, at } = self;
        let hint = match kind {
            // Nothing that the input's encoding is to blame for.
            Kind::HalfPair => "whoever wrote the JSON cut a character in two",
            _ => {
                "if the file is in another encoding, convert it: iconv -f GB18030 -t UTF-8"
            }
        };
        format!("warning: {} at byte {at} of {done}; {hint}", kind.name())
    }
}

/// What is done with posts that are scanned although they are broken.
pub(crate) const SCANNED: &str = "the post, which is scanned with U+FFFD for it";
