//! Contacts and attributes.

use crate::text::hy_str;

/// An account identifier that the post gives.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct hy_contact {
    /// First byte.
    pub start: u64,
    /// End, exclusive.
    pub end: u64,
    /// The span as it stands in the text, which it points into.
    pub text: hy_str,
    /// Where the identifier is for: a platform of the pack, "phone", "url" or
    /// "unknown". Lives as long as the ruleset.
    pub platform: hy_str,
    /// The identifier undisguised. In the scratch, as the contact itself.
    pub value: hy_str,
}

/// The attribute has a value: the text of its span.
pub const HY_ATTRIBUTE_HAS_VALUE: u32 = 1;

/// An attribute of what is offered: age, real name, payment ...
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct hy_attribute {
    /// First byte.
    pub start: u64,
    /// End, exclusive.
    pub end: u64,
    /// The span as it stands in the text, which it points into.
    pub text: hy_str,
    /// The attribute's name. Lives as long as the ruleset.
    pub name: hy_str,
    /// HY_ATTRIBUTE_HAS_VALUE, or 0. A later version may set further bits.
    pub flags: u32,
    /// Zero.
    pub reserved: u32,
}
