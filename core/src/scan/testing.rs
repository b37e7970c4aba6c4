//! What scans come to, for tests that compare the ways through them.

use super::glance::Tables;
use super::scanner::Scanner;
use super::scratch::Scratch;
use crate::ruleset::Ruleset;
use alloc::format;
use alloc::string::String;

/// What a scan came to, as text to compare.
fn outcome(scratch: &Scratch) -> String {
    let Scratch { findings, contacts, platforms, best, attributes, .. } = scratch;
    format!("{findings:?} {contacts:?} {platforms} {best} {attributes:?}")
}

/// What a scan and a full reading come to. Panics if `is_flagged` does not say the same as
/// the latter, or if it depends on what is known of walks.
pub(super) fn outcomes(ruleset: &Ruleset<'_>, text: &[u8]) -> (String, String) {
    let (mut looked, mut read) = (Scratch::new(ruleset), Scratch::new(ruleset));
    let tables = Tables::of(ruleset);
    Scanner::new(ruleset, &tables, text, &mut looked).run();
    Scanner::new(ruleset, &tables, text, &mut read).read_in_full();
    let is_flagged = ruleset.is_flagged_bytes(&mut Scratch::new(ruleset), text);
    assert_eq!(is_flagged, !read.findings.is_empty());
    // Whatever is known of walks, they come to the same in as many steps.
    let mut forgetful = Scratch::forgetful(ruleset);
    Scanner::new(ruleset, &tables, text, &mut forgetful).read_in_full();
    assert_eq!(outcome(&forgetful), outcome(&read));
    assert_eq!(forgetful.steps(), read.steps());
    (outcome(&looked), outcome(&read))
}
