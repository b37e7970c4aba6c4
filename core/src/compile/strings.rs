//! Many short texts in few bytes: what is part of another is not there twice, and what
//! begins as another ends shares those characters with it.

use rustc_hash::FxHashMap;

/// Most characters of what two texts share.
const SHARED_MAX: usize = 8;

/// The bytes of all texts, and where each begins. The same texts give the same bytes, in
/// whatever order they come.
pub(super) fn packed<'t>(
    texts: impl Iterator<Item = &'t str>,
) -> (Vec<u8>, FxHashMap<&'t str, u32>) {
    let mut texts: Vec<&str> = texts.collect();
    texts.sort_unstable_by(|a, b| (b.len(), *a).cmp(&(a.len(), *b)));
    texts.dedup();
    // Each part of a text that is kept: the text's number, and the bytes before it there.
    let mut parts: FxHashMap<&str, (usize, usize)> = FxHashMap::default();
    let (mut kept, mut inside) = (Vec::new(), Vec::new());
    for text in texts {
        if let Some(place) = parts.get(text) {
            inside.push((text, *place));
            continue;
        }
        for (start, _) in text.char_indices() {
            for end in ends(&text[start..]) {
                parts.entry(&text[start..][..end]).or_insert((kept.len(), start));
            }
        }
        kept.push(text);
    }
    let (bytes, starts) = chained(&kept);
    let whole = kept.iter().zip(&starts).map(|(text, start)| (*text, *start as u32));
    let inside =
        inside.iter().map(|(text, (of, before))| (*text, (starts[*of] + before) as u32));
    let places = whole.chain(inside).collect();
    (bytes, places)
}

/// Where the first one, two, … characters of a text end.
fn ends(text: &str) -> impl Iterator<Item = usize> {
    text.char_indices().map(|(start, c)| start + c.len_utf8()).take(SHARED_MAX)
}

/// Puts one text behind another, where there is one that begins as that ends: the one
/// that shares most. Gives the bytes, and where each text begins.
fn chained(texts: &[&str]) -> (Vec<u8>, Vec<usize>) {
    let mut by_start: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for (number, text) in texts.iter().enumerate().rev() {
        for end in ends(text).filter(|end| *end < text.len()) {
            by_start.entry(&text[..end]).or_default().push(number);
        }
    }
    let mut starts: Vec<Option<usize>> = vec![None; texts.len()];
    let mut bytes = Vec::new();
    for first in 0..texts.len() {
        let mut next = Some((first, 0));
        while let Some((number, shared)) = next {
            if starts[number].is_some() {
                break;
            }
            let text = texts[number];
            starts[number] = Some(bytes.len() - shared);
            bytes.extend_from_slice(&text.as_bytes()[shared..]);
            next = text.char_indices().skip(1).find_map(|(start, _)| {
                let waiting = by_start.get_mut(&text[start..])?;
                while waiting.last().is_some_and(|number| starts[*number].is_some()) {
                    waiting.pop();
                }
                waiting.last().map(|number| (*number, text.len() - start))
            });
        }
    }
    (bytes, starts.into_iter().map(Option::unwrap_or_default).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_texts_share_is_there_once() {
        let texts = ["微信号", "号码", "信", "解封", "微信", "码商"];
        let (bytes, places) = packed(texts.into_iter());
        assert_eq!(bytes.len(), "解封微信号码商".len());
        assert_eq!(places.len(), texts.len());
    }

    proptest! {
        #[test]
        fn each_text_is_where_it_is_said_to_be(
            texts in proptest::collection::vec("[微信号码ab]{1,12}", 0..60),
        ) {
            let (bytes, places) = packed(texts.iter().map(String::as_str));
            let all: usize = places.keys().map(|text| text.len()).sum();
            prop_assert!(bytes.len() <= all);
            for text in &texts {
                let start = places[text.as_str()] as usize;
                prop_assert_eq!(&bytes[start..][..text.len()], text.as_bytes());
            }
            let (same, _) = packed(texts.iter().rev().map(String::as_str));
            prop_assert_eq!(bytes, same);
        }
    }
}
