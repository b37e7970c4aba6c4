//! Long texts as short inputs.

/// Longest text that an input stands for, in bytes: mostly, and one time in 16.
const TEXT_BYTES_MAX: [usize; 2] = [2 << 10, 44 << 10];
/// Longest unit of a repeat, in bytes.
const UNIT_BYTES_MAX: usize = 96;

/// `⟦300:山高⟧` becomes 300 times 山高; what is not of that form stays. So
/// stretches that are longer than the scanner's windows fit into inputs that
/// are quick to mutate and to read.
pub(crate) fn inflate(input: &[u8]) -> Vec<u8> {
    let (open, close) = ("⟦".as_bytes(), "⟧".as_bytes());
    let mut text = Vec::with_capacity(input.len());
    let most = TEXT_BYTES_MAX[usize::from(crc32fast::hash(input).is_multiple_of(16))];
    let mut rest = input;
    while let Some(byte) = rest.first() {
        if let Some((times, unit, behind)) = repeat(rest, open, close) {
            let room = most.saturating_sub(text.len() + behind.len());
            text.extend(unit.repeat(times.min(room / unit.len().max(1))));
            rest = behind;
        } else {
            text.push(*byte);
            rest = &rest[1..];
        }
    }
    text
}

fn repeat<'i>(
    input: &'i [u8],
    open: &[u8],
    close: &[u8],
) -> Option<(usize, &'i [u8], &'i [u8])> {
    let input = input.strip_prefix(open)?;
    let digits = input.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let times = std::str::from_utf8(&input[..digits]).ok()?.parse().ok()?;
    let input = input[digits..].strip_prefix(b":")?;
    let end = input.windows(close.len()).take(UNIT_BYTES_MAX).position(|w| w == close)?;
    Some((times, &input[..end], &input[end + close.len()..]))
}
