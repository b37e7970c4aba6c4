//! Which rules to try where a concept was seen.
//!
//! A rule needs all its concepts, so it is enough to try it where one of them
//! is: the one that the fewest rules name, so that no list is long. One that no
//! pattern may be comes first, since patterns are supposed to be everywhere until they are
//! looked for.

use super::anchor::is_literal;
use crate::pack::Pack;

/// For each concept the rules that are tried where it was seen, ascending, given the
/// members of each.
/// Every rule is in one list.
pub(super) fn rule_index(pack: &Pack, members: &[Vec<usize>]) -> Vec<Vec<u16>> {
    let mut named = vec![0u32; pack.concepts.len()];
    let all = pack.rules.iter().flat_map(|rule| &rule.all);
    all.for_each(|concept| named[usize::from(*concept)] += 1);
    let mut index = vec![Vec::new(); pack.concepts.len()];
    for (number, rule) in pack.rules.iter().enumerate() {
        let place = |concept: &&u16| {
            let number = usize::from(**concept);
            let is_literal = is_literal(pack, members[number].iter().copied());
            (!is_literal, named[number])
        };
        let key = rule.all.iter().min_by_key(place);
        if let Some(key) = key {
            index[usize::from(*key)].push(number as u16);
        }
    }
    index
}
