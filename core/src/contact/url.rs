//! Addresses: links, bare domains, electronic mail.

use super::window::{WINDOW, Window};
use crate::fold;
use core::ops::Range;

/// Longest path that is read, in bytes.
const PATH_MAX: usize = 512;

/// Top-level domains that are no words, so that a bare domain is one.
const DOMAINS: &[&str] = &[
    "com", "c0m", "net", "n3t", "org", "cn", "cc", "vip", "top", "xyz", "info", "biz",
    "club", "shop", "site", "store", "online", "live", "fun", "pro", "app", "io", "co",
    "tv", "vc", "ws", "pw", "link", "wang", "ink", "ltd", "win", "bet", "icu", "cyou",
    "sbs", "buzz", "lol", "hk", "tw", "jp", "kr", "ru", "eu", "ai", "gg", "tk", "ml",
    "ga", "gq", "cf", "im", "fm", "ph", "sg", "uk", "art", "ren", "mobi", "asia", "red",
    "run", "space", "website", "tech", "cloud",
];
/// Those that are words too: taken only after a scheme or before a path.
const WORD_DOMAINS: &[&str] = &[
    "me", "us", "in", "to", "so", "la", "am", "my", "work", "life", "world", "today",
    "group",
];
/// Those after a disguised dot: `点com`.
const COMMON_DOMAINS: &[&str] = &[
    "com", "c0m", "net", "org", "cn", "cc", "vip", "top", "xyz", "info", "club", "tv",
    "co",
];
/// Hosts that a post names as a service, not as its own address.
const SERVICES: &[&str] = &[
    "qq.com",
    "163.com",
    "126.com",
    "gmail.com",
    "mail.com",
    "outlook.com",
    "hotmail.com",
    "foxmail.com",
    "sina.com",
    "yahoo.com",
    "icloud.com",
];

/// An address found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// Bytes of the original text.
    pub(super) range: Range<usize>,
    pub(super) is_mail: bool,
    /// It is only the host of a service, no address of the post's own.
    pub(super) is_service: bool,
    /// The name in a link to Telegram.
    pub(super) telegram: Option<Range<usize>>,
}

/// Reads the address at the start of the window.
///
/// `barren` is a place in the text: labels before it are known to be no domains. It
/// is moved on, so that a long run of labels is not looked up from each of them.
pub(super) fn read(
    text: &[u8],
    window: &mut Window<'_>,
    barren: &mut usize,
) -> Option<Address> {
    let start = window.start(0);
    let scheme = scheme(window);
    if scheme.is_none() {
        let at = (0..).take_while(|n| is_local(window.char(*n))).count();
        if at > 0 && window.char(at) == '@' {
            let host = host(window, at + 1, true, &mut 0)?;
            let range = start..window.end(host.end);
            return Some(Address {
                range,
                is_mail: true,
                is_service: false,
                telegram: None,
            });
        }
    }
    let from = scheme.unwrap_or(0);
    let www = (0..4).all(|n| window.char(from + n) == ['w', 'w', 'w', '.'][n]);
    let host = host(window, from, scheme.is_some() || www, barren)?;
    let end = window.end(host.end);
    let path = path(text, end);
    let bare = scheme.is_none() && !www && path == end;
    if host.is_word && bare {
        return None;
    }
    let mut hosts = ["t.me", "telegram.me", "telegram.dog"].into_iter();
    let telegram = hosts.any(|name| same(window, from, host.end, name));
    let is_service =
        bare && SERVICES.iter().any(|name| same(window, from, host.end, name));
    let telegram = if telegram { telegram_name(text, end, path) } else { None };
    Some(Address { range: start..path, is_mail: false, is_service, telegram })
}

fn is_local(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+')
}

/// How long `http://` is at the start of the window.
fn scheme(window: &mut Window<'_>) -> Option<usize> {
    ["http://", "https://", "hxxp://", "hxxps://"].into_iter().find_map(|scheme| {
        let found = scheme.chars().enumerate().all(|(n, c)| window.char(n) == c);
        found.then_some(scheme.len())
    })
}

struct Host {
    /// Place in the window after its last character.
    end: usize,
    /// Too little to be a domain by itself: its last part is a word, too, or
    /// the first is a single character.
    is_word: bool,
}

/// The host at a place: labels with dots between them, the last one a
/// top-level domain.
fn host(
    window: &mut Window<'_>,
    from: usize,
    marked: bool,
    barren: &mut usize,
) -> Option<Host> {
    let (mut at, mut found) = (from, None);
    let mut first = 0;
    let mut disguised = false;
    for labels in 0.. {
        let length = (0..40)
            .take_while(|n| {
                let c = window.char(at + n);
                c.is_ascii_alphanumeric() || c == '-'
            })
            .count();
        if length == 0 {
            break;
        }
        let start = window.start(at);
        if labels > 0 && (start >= *barren || marked || disguised) {
            let is = |list: &[&str], window: &mut Window<'_>| {
                list.iter().any(|domain| same(window, at, at + length, domain))
            };
            let common = is(COMMON_DOMAINS, window);
            let word = is(WORD_DOMAINS, window);
            let known = common || !disguised && (is(DOMAINS, window) || word);
            let letters = (0..length).all(|n| window.char(at + n).is_ascii_lowercase());
            if known || (marked && !disguised && letters && length >= 2) {
                found = Some(Host {
                    end: at + length,
                    is_word: (word && !common) || (labels == 1 && first < 2),
                });
            }
            // A label at the end of the window may be cut by it.
            if found.is_none() && !disguised && at + length < WINDOW {
                *barren = start + 1;
            }
        }
        if labels == 0 {
            first = length;
        }
        at += length;
        match window.char(at) {
            '.' => {}
            '点' | '。' => disguised = true,
            _ => break,
        }
        at += 1;
    }
    found
}

fn same(window: &mut Window<'_>, from: usize, to: usize, plain: &str) -> bool {
    window.is(from, to - from, plain)
}

/// The bytes of a text that can be seen, each with its place: invisible characters,
/// escaped ones too, are left out. Ends at any other character outside ASCII.
fn visible(text: &[u8], mut at: usize) -> impl Iterator<Item = (usize, u8)> + Clone {
    core::iter::from_fn(move || {
        loop {
            let rest = text.get(at..)?;
            let byte = *rest.first()?;
            if !byte.is_ascii() || fold::begins_escape(byte) {
                let (c, length) = fold::decode_escaped(rest)?;
                if fold::lookup(c).is_unseen() {
                    at += length;
                    continue;
                }
            }
            at += 1;
            return byte.is_ascii().then_some((at - 1, byte));
        }
    })
}

/// Where the path after a host ends, in bytes; where it begins if there is
/// none.
fn path(text: &[u8], host: usize) -> usize {
    let digit = |(_, byte): &(usize, u8)| byte.is_ascii_digit();
    let mut start = host;
    let mut port = visible(text, host);
    if port.next().is_some_and(|(_, byte)| byte == b':') {
        start = port.take_while(digit).last().map_or(host, |(at, _)| at + 1);
    }
    let belongs =
        |byte: u8| byte.is_ascii_graphic() && !b"()[]{}<>\"'`,;*|\\".contains(&byte);
    let mut end = start;
    for (place, (at, byte)) in visible(text, start).take(PATH_MAX).enumerate() {
        if !belongs(byte) || place == 0 && !matches!(byte, b'/' | b'?') {
            break;
        }
        // Marks at the end are the sentence's.
        if !b".!?:-~".contains(&byte) {
            end = at + 1;
        }
    }
    end
}

/// The name in the path of a link to Telegram.
fn telegram_name(text: &[u8], host: usize, end: usize) -> Option<Range<usize>> {
    let mut bytes = visible(text.get(..end)?, host).skip(1);
    let mut rest = bytes.clone();
    if rest.next().is_some_and(|(_, byte)| byte == b's')
        && rest.next().is_some_and(|(_, byte)| byte == b'/')
    {
        bytes = rest;
    }
    let name =
        bytes.take_while(|(_, byte)| byte.is_ascii_alphanumeric() || *byte == b'_');
    let (start, first) = name.clone().next()?;
    let (last, _) = name.clone().last()?;
    let reserved = ["joinchat", "share", "addstickers", "proxy"];
    let is_reserved = |word: &&str| {
        let plain = name.clone().map(|(_, byte)| byte.to_ascii_lowercase());
        plain.eq(word.bytes())
    };
    let is_name = (5..=32).contains(&name.clone().count())
        && first.is_ascii_alphabetic()
        && !reserved.iter().any(is_reserved);
    is_name.then(|| start..last + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A label that the window cuts is looked up again.
    #[test]
    fn a_label_may_be_cut_by_the_window() {
        let text = "t.mebbbbqq.combbbbbbbbcomqq.comcomqq.comqq.combbbbbworkworkbbqq.com";
        let mut barren = 0;
        for at in [0, 2] {
            let window = &mut Window::new(text.as_bytes(), at);
            let seen = read(text.as_bytes(), window, &mut barren);
            assert_eq!(seen.is_some(), at == 2);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 3_000,
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        /// What is known of labels before changes nothing that is found.
        #[test]
        fn labels_are_looked_up_once(pieces in prop::collection::vec(
            prop::sample::select(vec![
                ".", ".", ".", "点", "。", "a", "bb", "x1", "com", "c0m", "me", "io", "work",
                "www.", "http://", "@", "-", "/", " ", "微", "qq.com", "t.me",
            ]),
            0..60,
        )) {
            let text = pieces.concat();
            let mut barren = 0;
            for (at, c) in text.char_indices() {
                if !c.is_ascii_alphanumeric() {
                    continue;
                }
                let read = |barren: &mut usize| {
                    read(text.as_bytes(), &mut Window::new(text.as_bytes(), at), barren)
                };
                prop_assert_eq!(read(&mut barren), read(&mut 0), "{:?} at {}", &text, at);
            }
        }
    }
}
