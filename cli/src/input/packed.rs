//! Files that are no UTF-8 text by their first bytes.

use std::ops::Range;

/// Bytes that tell of most of them.
pub(super) const BYTES: usize = 4;

/// Where tar archives have their mark, behind the name of a file and zeros.
const TAR_MARK: Range<usize> = 257..262;

/// What a file is that begins like this and is not text, and what to do about it.
pub(super) fn refusal(head: &[u8]) -> Option<&'static str> {
    Some(match head {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => {
            "is UTF-16; convert it to UTF-8: iconv -f UTF-16 -t UTF-8"
        }
        // Without a mark, but two letters of ASCII as no UTF-8 text has them.
        [1..=255, 0, 1..=255, 0, ..] => {
            "is UTF-16; convert it to UTF-8: iconv -f UTF-16LE -t UTF-8"
        }
        [0, 1..=255, 0, 1..=255, ..] => {
            "is UTF-16; convert it to UTF-8: iconv -f UTF-16BE -t UTF-8"
        }
        // What gzip packed once does not come here.
        [0x1F, 0x8B, ..] => {
            "is compressed by gzip twice; unpack it once: gunzip -c FILE | huoyan scan …"
        }
        [0x28, 0xB5, 0x2F, 0xFD, ..] => {
            "is compressed by zstd; unpack it: zstd -dc FILE | huoyan scan …"
        }
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => {
            "is a zip archive, as .xlsx files are; save a table as CSV, or unpack it: \
             unzip -p FILE | huoyan scan …"
        }
        _ if head.get(TAR_MARK) == Some(b"ustar")
            && head[..TAR_MARK.start].contains(&0) =>
        {
            "is a tar archive; unpack it: tar -xOf FILE | huoyan scan …"
        }
        _ => return None,
    })
}
