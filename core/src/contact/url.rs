//! Addresses: links, bare domains, electronic mail.

use super::window::Window;
use core::ops::Range;

/// Longest path that is read, in bytes.
const PATH_MAX: usize = 512;

/// Longest of the domains below, in bytes.
const DOMAIN_MAX: usize = 7;
/// Top-level domains that are no words, so that a bare domain is one. These lists
/// are in order.
const DOMAINS: &[&str] = &[
    "ai", "app", "art", "asia", "bet", "biz", "buzz", "c0m", "cc", "cf", "cloud", "club",
    "cn", "co", "com", "cyou", "eu", "fm", "fun", "ga", "gg", "gq", "hk", "icu", "im",
    "info", "ink", "io", "jp", "kr", "link", "live", "lol", "ltd", "ml", "mobi", "n3t",
    "net", "online", "org", "ph", "pro", "pw", "red", "ren", "ru", "run", "sbs", "sg",
    "shop", "site", "space", "store", "tech", "tk", "top", "tv", "tw", "uk", "vc", "vip",
    "wang", "website", "win", "ws", "xyz",
];
/// Those that are words too: taken only after a scheme or before a path.
const WORD_DOMAINS: &[&str] = &[
    "am", "group", "in", "la", "life", "me", "my", "so", "to", "today", "us", "work",
    "world",
];
/// Those after a disguised dot: `点com`.
const COMMON_DOMAINS: &[&str] = &[
    "c0m", "cc", "club", "cn", "co", "com", "info", "net", "org", "top", "tv", "vip",
    "xyz",
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
pub(super) fn read(text: &[u8], window: &mut Window<'_>) -> Option<Address> {
    let start = window.start(0);
    let scheme = scheme(window);
    if scheme.is_none() {
        let at = (0..).take_while(|n| is_local(window.char(*n))).count();
        if at > 0 && window.char(at) == '@' {
            let host = host(window, at + 1, true)?;
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
    let host = host(window, from, scheme.is_some() || www)?;
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
fn host(window: &mut Window<'_>, from: usize, marked: bool) -> Option<Host> {
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
        if labels > 0 {
            let mut label = [0; DOMAIN_MAX];
            for (place, byte) in label.iter_mut().enumerate().take(length) {
                // Letters, digits and hyphens of ASCII.
                *byte = window.char(at + place) as u8;
            }
            let label = label.get(..length).and_then(|label| str::from_utf8(label).ok());
            let is = |list: &[&str]| {
                label.is_some_and(|label| list.binary_search(&label).is_ok())
            };
            let common = is(COMMON_DOMAINS);
            let word = is(WORD_DOMAINS);
            let known = common || !disguised && (is(DOMAINS) || word);
            let letters = (0..length).all(|n| window.char(at + n).is_ascii_lowercase());
            if known || (marked && !disguised && letters && length >= 2) {
                found = Some(Host {
                    end: at + length,
                    is_word: (word && !common) || (labels == 1 && first < 2),
                });
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

/// Where the path after a host ends, in bytes; where it begins if there is
/// none.
fn path(text: &[u8], host: usize) -> usize {
    let rest = text.get(host..).unwrap_or(&[]);
    let port = match rest {
        [b':', b'0'..=b'9', ..] => {
            1 + rest[1..].iter().take_while(|b| b.is_ascii_digit()).count()
        }
        _ => 0,
    };
    let rest = rest.get(port..).unwrap_or(&[]);
    if !matches!(rest.first(), Some(b'/' | b'?')) {
        return host + port;
    }
    let belongs =
        |byte: &&u8| byte.is_ascii_graphic() && !b"()[]{}<>\"'`,;*|\\".contains(byte);
    let mut length = rest.iter().take(PATH_MAX).take_while(belongs).count();
    while length > 0 && b".!?:-~".contains(&rest[length - 1]) {
        length -= 1;
    }
    host + port + length
}

/// The name in the path of a link to Telegram.
fn telegram_name(text: &[u8], host: usize, end: usize) -> Option<Range<usize>> {
    let mut start = host + 1;
    if text.get(start..end)?.starts_with(b"s/") {
        start += 2;
    }
    let name = text.get(start..end)?;
    let length =
        name.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    let name = &name[..length];
    let reserved: [&[u8]; 4] = [b"joinchat", b"share", b"addstickers", b"proxy"];
    let is_name = (5..=32).contains(&length)
        && name[0].is_ascii_alphabetic()
        && !reserved.iter().any(|word| word.eq_ignore_ascii_case(name));
    is_name.then(|| start..start + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_in_order() {
        for list in [DOMAINS, WORD_DOMAINS, COMMON_DOMAINS] {
            assert!(list.is_sorted() && list.iter().all(|d| d.len() <= DOMAIN_MAX));
        }
    }
}
