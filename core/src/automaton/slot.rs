//! Places of keys in tables of a power of two.

/// An odd number without a pattern: 2^32 divided by the golden ratio.
pub(super) const FACTOR: u32 = 0x9E37_79B1;

/// The slot of a key among `1 << bits`.
#[inline(always)]
pub(crate) const fn slot(key: u32, bits: u32) -> usize {
    (key.wrapping_mul(FACTOR) as u64 >> (u32::BITS - bits)) as usize
}
