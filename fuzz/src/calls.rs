//! Sequences of calls of the C interface, right and wrong ones.
//!
//! The functions are those that C calls, in this process. What the contract at
//! the head of `include/huoyan.h` leaves undefined (a freed handle, a block that
//! is shorter than told) is not done; everything else is.

use crate::pieces::piece;
use crate::random::Random;
use arbitrary::{Arbitrary, Unstructured};
use huoyan_c::contact::*;
use huoyan_c::error::*;
use huoyan_c::explain::*;
use huoyan_c::finding::*;
use huoyan_c::fold::*;
use huoyan_c::result::*;
use huoyan_c::ruleset::*;
use huoyan_c::scan::*;
use huoyan_c::scratch::*;
use huoyan_c::status::*;
use huoyan_c::stream::*;
use huoyan_c::text::hy_str;
use std::ffi::c_void;
use std::ptr::{null, null_mut};
use std::sync::Once;

/// Calls of one sequence.
const CALLS_MAX: usize = 24;
/// Written around buffers.
const CANARY: u8 = 0xA5;
const GUARD: usize = 16;

#[derive(Arbitrary, Debug)]
enum Call<'a> {
    Builtin {
        to_null: bool,
    },
    Compile {
        source: Source<'a>,
        with_error: bool,
    },
    Load {
        from: u8,
        damage: Option<(u16, u8)>,
        cut: Option<u16>,
        borrowed: bool,
        old_error: bool,
    },
    Serialize {
        ruleset: u8,
        room: u8,
    },
    Threshold {
        ruleset: u8,
        threshold: f32,
    },
    Describe {
        ruleset: u8,
        size: Option<u32>,
    },
    Names {
        ruleset: u8,
        number: u32,
    },
    Retain {
        ruleset: u8,
    },
    FreeRuleset {
        ruleset: u8,
    },
    Scratch {
        ruleset: u8,
    },
    Fit {
        scratch: u8,
        ruleset: u8,
    },
    Size {
        scratch: u8,
    },
    Result {
        scratch: u8,
        size: Option<u32>,
    },
    FreeScratch {
        scratch: u8,
    },
    Scan {
        ruleset: u8,
        scratch: u8,
        text: Text<'a>,
        stop: Option<u8>,
        no_callback: bool,
    },
    ScanInto {
        ruleset: u8,
        scratch: u8,
        text: Text<'a>,
        room: u8,
        no_count: bool,
    },
    IsFlagged {
        ruleset: u8,
        scratch: u8,
        text: Text<'a>,
    },
    Fold {
        text: Text<'a>,
        room: u16,
        origins: bool,
    },
    Mask {
        ruleset: u8,
        scratch: u8,
        text: Text<'a>,
        room: u16,
    },
    Explain {
        ruleset: u8,
        text: Text<'a>,
        stop: Option<u8>,
    },
    Stream {
        ruleset: u8,
        window: u16,
    },
    Feed {
        stream: u8,
        text: Text<'a>,
        cut: u8,
        stop: Option<u8>,
        no_callback: bool,
    },
    Finish {
        stream: u8,
        stop: Option<u8>,
    },
    Total {
        stream: u8,
        size: Option<u32>,
    },
    FreeStream {
        stream: u8,
    },
}

#[derive(Arbitrary, Debug)]
enum Text<'a> {
    Null,
    /// NULL with a length, which is an error.
    NullButLong,
    Pieces(u8, u32),
    Bytes(&'a [u8]),
}

#[derive(Arbitrary, Debug)]
enum Source<'a> {
    Sound,
    Cut(u16),
    Text(&'a str),
    Bytes(&'a [u8]),
}

const PACK: &str = "format = 1\n[pack]\nid = 'c'\nversion = '1'\n[[concept]]\nid = 'w'\nplatform = 'wechat'\nterms = ['微信', 'VX']\n\
    [[rule]]\nid = 'r'\ncategory = 'account_trade'\nall = ['w']\nwithin = 8\nweight = 6.0\n";

/// The handles that are alive. Number 0 of each kind is NULL.
struct World {
    /// Declared before the bytes that they may borrow.
    rulesets: Vec<*const hy_ruleset>,
    scratches: Vec<*mut hy_scratch>,
    streams: Vec<*mut hy_stream>,
    bytes: Vec<Vec<u8>>,
}

/// The library keeps panics from being reported, which is right in a program of
/// C; here they are what is looked for.
fn report_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let report = std::panic::take_hook();
        // SAFETY: NULL is an error.
        assert_eq!(unsafe { hy_ruleset_builtin(null_mut()) }, HY_ERR_NULL);
        std::panic::set_hook(report);
    });
}

/// Runs a sequence of calls.
pub fn make_calls(input: &[u8]) {
    report_panics();
    let mut input = Unstructured::new(input);
    let mut world = World {
        rulesets: vec![null()],
        scratches: vec![null_mut()],
        streams: vec![null_mut()],
        bytes: vec![Vec::new()],
    };
    // Most calls need these.
    world.call(&Call::Builtin { to_null: false });
    world.call(&Call::Scratch { ruleset: 1 });
    world.call(&Call::Stream { ruleset: 1, window: 0 });
    for _ in 0..CALLS_MAX {
        if input.is_empty() {
            break;
        }
        match Call::arbitrary(&mut input) {
            Ok(call) => world.call(&call),
            Err(_) => break,
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // SAFETY: each was given once, and is freed once.
        unsafe {
            self.streams.drain(..).for_each(|stream| hy_stream_free(stream));
            self.scratches.drain(..).for_each(|scratch| hy_scratch_free(scratch));
            self.rulesets.drain(..).for_each(|ruleset| hy_ruleset_free(ruleset));
        }
    }
}

fn pick<T: Copy>(list: &[T], number: u8) -> T {
    list[usize::from(number) % list.len()]
}

/// A status that the header names, and no panic.
fn sound(status: hy_status) -> hy_status {
    assert_ne!(status, HY_ERR_PANIC, "a panic reached the boundary");
    status
}

impl Text<'_> {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Text::Null | Text::NullButLong => Vec::new(),
            Text::Pieces(count, seed) => {
                let (mut text, mut random) =
                    (Vec::new(), Random::new(u64::from(*seed) << 8));
                (0..count % 16).for_each(|_| piece(&mut random, &mut text));
                crate::inflate::inflate(&text)
            }
            Text::Bytes(bytes) => bytes.to_vec(),
        }
    }

    /// What a function gets.
    fn given<'b>(&self, bytes: &'b [u8]) -> (*const std::ffi::c_char, usize) {
        match self {
            Text::Null => (null(), 0),
            Text::NullButLong => (null(), 5),
            _ => (bytes.as_ptr().cast(), bytes.len()),
        }
    }
}

/// What callbacks are told, and how they answer.
struct Seen<'w> {
    world: &'w World,
    scratch: *mut hy_scratch,
    stream: *mut hy_stream,
    text: &'w [u8],
    count: usize,
    /// Stop after so many.
    stop: Option<u8>,
}

impl Seen<'_> {
    /// Whether to stop.
    fn answer(&mut self) -> i32 {
        self.count += 1;
        i32::from(self.stop.is_some_and(|stop| self.count > usize::from(stop)))
    }
}

unsafe extern "C" fn on_finding(
    finding: *const hy_finding,
    user_data: *mut c_void,
) -> i32 {
    // SAFETY: as `hy_scan` was called, and promises.
    let (finding, seen) = unsafe { (&*finding, &mut *user_data.cast::<Seen<'_>>()) };
    read_finding(finding, Some(seen.text));
    // The scratch is in use meanwhile.
    // SAFETY: live handles.
    let status = unsafe {
        hy_scan_into(
            pick(&seen.world.rulesets, 1),
            seen.scratch,
            null(),
            0,
            null_mut(),
            0,
            null_mut(),
        )
    };
    assert_eq!(status, HY_ERR_IN_USE);
    seen.answer()
}

unsafe extern "C" fn on_hit(hit: *const hy_evidence, user_data: *mut c_void) -> i32 {
    // SAFETY: as `hy_explain` was called, and promises.
    let (hit, seen) = unsafe { (&*hit, &mut *user_data.cast::<Seen<'_>>()) };
    read_evidence(hit);
    seen.answer()
}

unsafe extern "C" fn on_part(part: *const hy_result, user_data: *mut c_void) -> i32 {
    // SAFETY: as `hy_stream_feed` was called, and promises.
    let (part, seen) = unsafe { (&*part, &mut *user_data.cast::<Seen<'_>>()) };
    read_result(part, None);
    // SAFETY: a live handle.
    let status = unsafe { hy_stream_finish(seen.stream, None, null_mut()) };
    assert_eq!(status, HY_ERR_IN_USE);
    seen.answer()
}

/// Reads what a string points to.
fn read(text: hy_str) -> Vec<u8> {
    if text.len == 0 {
        return Vec::new();
    }
    // SAFETY: the header promises that many bytes.
    unsafe { std::slice::from_raw_parts(text.data.cast::<u8>(), text.len) }.to_vec()
}

/// The elements of an array.
fn list<'a, T>(data: *const T, count: usize) -> &'a [T] {
    if count == 0 {
        return &[];
    }
    // SAFETY: the header promises that many elements.
    unsafe { std::slice::from_raw_parts(data, count) }
}

fn read_evidence(evidence: &hy_evidence) {
    assert!(evidence.start <= evidence.end);
    assert_eq!(read(evidence.text).len() as u64, evidence.end - evidence.start);
    assert!(!read(evidence.concept_name).is_empty());
    let _ = read(evidence.means);
}

fn read_finding(finding: &hy_finding, text: Option<&[u8]>) {
    let span = read(finding.text);
    if let Some(text) = text {
        assert_eq!(
            text.get(finding.start as usize..finding.end as usize),
            Some(&span[..])
        );
    }
    assert!(finding.score.is_finite() && finding.category > 0 || finding.category == 0);
    let evidence = list(finding.evidence, finding.evidence_count as usize);
    evidence.iter().for_each(read_evidence);
    for rule in list(finding.rules, finding.rule_count as usize) {
        assert!(!read(*rule).is_empty());
    }
}

fn read_result(result: &hy_result, text: Option<&[u8]>) {
    let findings = list(result.findings, result.finding_count);
    findings.iter().for_each(|finding| read_finding(finding, text));
    assert!(findings.is_empty() || result.flags & HY_RESULT_FLAGGED != 0);
    for contact in list(result.contacts, result.contact_count) {
        assert!(!read(contact.platform).is_empty() && !read(contact.value).is_empty());
        assert_eq!(read(contact.text).len() as u64, contact.end - contact.start);
    }
    for attribute in list(result.attributes, result.attribute_count) {
        assert!(
            !read(attribute.name).is_empty() && attribute.flags <= HY_ATTRIBUTE_HAS_VALUE
        );
        let _ = read(attribute.text);
    }
    list(result.platforms, result.platform_count)
        .iter()
        .for_each(|name| drop(read(*name)));
}

fn no_result(size: Option<u32>) -> hy_result {
    // SAFETY: numbers and pointers, all of which may be zero.
    let mut result: hy_result = unsafe { std::mem::zeroed() };
    result.struct_size = size.unwrap_or(size_of::<hy_result>() as u32);
    result
}

fn no_error() -> hy_error {
    // SAFETY: numbers, all of which may be zero.
    let mut error: hy_error = unsafe { std::mem::zeroed() };
    error.struct_size = size_of::<hy_error>() as u32;
    error
}

/// Whatever an error tells ends in NUL and is UTF-8.
fn read_error(error: &hy_error, status: hy_status) {
    assert_eq!(error.status, status);
    let message: Vec<u8> =
        error.message.iter().map(|c| *c as u8).take_while(|c| *c != 0).collect();
    assert!(
        message.len() < HY_ERROR_MESSAGE_BYTES && std::str::from_utf8(&message).is_ok()
    );
    assert!(!message.is_empty());
}

/// A buffer between guards.
struct Guarded(Vec<u8>);

impl Guarded {
    fn new(room: usize) -> Guarded {
        Guarded(vec![CANARY; room + 2 * GUARD])
    }

    fn data(&mut self) -> *mut u8 {
        self.0[GUARD..].as_mut_ptr()
    }

    /// What was written, after a look at the guards.
    fn checked(&self, room: usize) -> &[u8] {
        let (before, rest) = self.0.split_at(GUARD);
        let (inside, behind) = rest.split_at(room);
        assert!(
            before.iter().chain(behind).all(|byte| *byte == CANARY),
            "written outside"
        );
        inside
    }
}

impl World {
    fn call(&mut self, call: &Call<'_>) {
        // SAFETY: handles are NULL or alive, blocks as long as told.
        unsafe { self.make(call) }
    }

    fn add(&mut self, status: hy_status, ruleset: *const hy_ruleset) {
        assert_eq!(status == HY_OK, !ruleset.is_null());
        if status == HY_OK {
            self.rulesets.push(ruleset);
        }
    }

    unsafe fn make(&mut self, call: &Call<'_>) {
        match call {
            Call::Builtin { to_null: true } => {
                assert_eq!(unsafe { hy_ruleset_builtin(null_mut()) }, HY_ERR_NULL);
            }
            Call::Builtin { .. } => {
                let mut out = null();
                let status = unsafe { hy_ruleset_builtin(&raw mut out) };
                self.add(status, out);
            }
            Call::Compile { source, with_error } => {
                let source = match source {
                    Source::Sound => PACK.as_bytes().to_vec(),
                    Source::Cut(at) => {
                        PACK.as_bytes()[..usize::from(*at) % PACK.len()].to_vec()
                    }
                    Source::Text(text) => text.as_bytes().to_vec(),
                    Source::Bytes(bytes) => bytes.to_vec(),
                };
                let (mut out, mut error) = (null(), no_error());
                let place = if *with_error { &raw mut error } else { null_mut() };
                let status = sound(unsafe {
                    hy_ruleset_compile(
                        source.as_ptr().cast(),
                        source.len(),
                        &raw mut out,
                        place,
                    )
                });
                if *with_error {
                    read_error(&error, status);
                }
                self.add(status, out);
            }
            Call::Load { from, damage, cut, borrowed, old_error } => {
                self.load(*from, *damage, *cut, *borrowed, *old_error)
            }
            Call::Serialize { ruleset, room } => {
                let (ruleset, mut length) = (pick(&self.rulesets, *ruleset), 0);
                let room = usize::from(*room) << 6;
                let mut buffer = Guarded::new(room);
                let status = sound(unsafe {
                    hy_ruleset_serialize(
                        ruleset,
                        buffer.data().cast(),
                        room,
                        &raw mut length,
                    )
                });
                buffer.checked(room);
                let wanted = if ruleset.is_null() {
                    HY_ERR_NULL
                } else if length > room {
                    HY_ERR_BUFFER_TOO_SMALL
                } else {
                    HY_OK
                };
                assert_eq!(status, wanted);
            }
            Call::Threshold { ruleset, threshold } => {
                let mut out = null();
                let ruleset = pick(&self.rulesets, *ruleset);
                let status = sound(unsafe {
                    hy_ruleset_with_threshold(ruleset, *threshold, &raw mut out)
                });
                self.add(status, out);
            }
            Call::Describe { ruleset, size } => {
                // SAFETY: numbers and pointers, all of which may be zero.
                let mut info: hy_ruleset_info = unsafe { std::mem::zeroed() };
                info.struct_size = size.unwrap_or(size_of::<hy_ruleset_info>() as u32);
                let status = sound(unsafe {
                    hy_ruleset_describe(pick(&self.rulesets, *ruleset), &raw mut info)
                });
                if status == HY_OK {
                    let _ = (read(info.id), read(info.version));
                }
            }
            Call::Names { ruleset, number } => {
                let ruleset = pick(&self.rulesets, *ruleset);
                for function in [hy_ruleset_rule, hy_ruleset_concept, hy_ruleset_platform]
                {
                    let mut name = hy_str { data: null(), len: 0 };
                    if sound(unsafe { function(ruleset, *number, &raw mut name) })
                        == HY_OK
                    {
                        assert!(!read(name).is_empty());
                    }
                }
            }
            Call::Retain { ruleset } => {
                let ruleset = pick(&self.rulesets, *ruleset);
                let again = unsafe { hy_ruleset_retain(ruleset) };
                assert_eq!(again, ruleset);
                if !again.is_null() {
                    self.rulesets.push(again);
                }
            }
            Call::FreeRuleset { ruleset } => {
                let place = usize::from(*ruleset) % self.rulesets.len();
                // Callbacks use number 1, and results may point into it.
                if place > 1 {
                    self.forget_results();
                    unsafe { hy_ruleset_free(self.rulesets.swap_remove(place)) };
                }
            }
            Call::Scratch { ruleset } => {
                let mut out = null_mut();
                let ruleset = pick(&self.rulesets, *ruleset);
                let status = sound(unsafe { hy_scratch_new(ruleset, &raw mut out) });
                assert_eq!(status == HY_OK, !ruleset.is_null());
                if status == HY_OK {
                    self.scratches.push(out);
                }
            }
            Call::Fit { scratch, ruleset } => {
                let scratch = pick(&self.scratches, *scratch);
                sound(unsafe { hy_scratch_fit(scratch, pick(&self.rulesets, *ruleset)) });
            }
            Call::Size { scratch } => {
                let mut bytes = 0;
                let scratch = pick(&self.scratches, *scratch);
                let status = sound(unsafe { hy_scratch_size(scratch, &raw mut bytes) });
                assert!(status != HY_OK || bytes > 1_000);
            }
            Call::Result { scratch, size } => {
                let mut result = no_result(*size);
                let scratch = pick(&self.scratches, *scratch);
                // What it points to may be gone: texts live for one call here.
                let status =
                    sound(unsafe { hy_scratch_result(scratch, &raw mut result) });
                assert!(status == HY_OK || scratch.is_null() || size.is_some());
            }
            Call::FreeScratch { scratch } => {
                let place = usize::from(*scratch) % self.scratches.len();
                if place > 0 {
                    unsafe { hy_scratch_free(self.scratches.swap_remove(place)) };
                }
            }
            Call::Scan { .. }
            | Call::ScanInto { .. }
            | Call::IsFlagged { .. }
            | Call::Mask { .. } => unsafe { self.scan(call) },
            Call::Fold { text, room, origins } => {
                let bytes = text.bytes();
                let (data, length) = text.given(&bytes);
                let (room, mut needed) = (usize::from(*room), 0);
                let (mut buffer, mut places) = (Guarded::new(room), vec![u64::MAX; room]);
                let origins = if *origins { places.as_mut_ptr() } else { null_mut() };
                let status = sound(unsafe {
                    hy_fold(
                        data,
                        length,
                        buffer.data().cast(),
                        origins,
                        room,
                        &raw mut needed,
                    )
                });
                let written = buffer.checked(room);
                if status == HY_OK {
                    assert!(std::str::from_utf8(&written[..needed]).is_ok());
                    let inside = |place: &u64| (*place as usize) < length;
                    assert!(origins.is_null() || places[..needed].iter().all(inside));
                }
            }
            Call::Explain { ruleset, text, stop } => {
                let bytes = text.bytes();
                let (data, length) = text.given(&bytes);
                let mut seen = self.seen(null_mut(), null_mut(), &bytes, *stop);
                let data_of = (&raw mut seen).cast();
                sound(unsafe {
                    hy_explain(
                        pick(&self.rulesets, *ruleset),
                        data,
                        length,
                        Some(on_hit),
                        data_of,
                    )
                });
            }
            Call::Stream { ruleset, window } => {
                let mut out = null_mut();
                let ruleset = pick(&self.rulesets, *ruleset);
                let status = sound(unsafe {
                    hy_stream_new(ruleset, usize::from(*window), &raw mut out)
                });
                let fits = *window == 0 || u32::from(*window) >= HY_STREAM_WINDOW_MIN;
                assert_eq!(status == HY_OK, !ruleset.is_null() && fits);
                if status == HY_OK {
                    self.streams.push(out);
                }
            }
            Call::Feed { stream, text, cut, stop, no_callback } => {
                let stream = pick(&self.streams, *stream);
                let bytes = text.bytes();
                let mut seen = self.seen(null_mut(), stream, &bytes, *stop);
                let callback: hy_part_fn =
                    if *no_callback { None } else { Some(on_part) };
                let data_of = (&raw mut seen).cast();
                if let Text::NullButLong = text {
                    let status =
                        unsafe { hy_stream_feed(stream, null(), 5, callback, data_of) };
                    assert_eq!(status, HY_ERR_NULL);
                    return;
                }
                for chunk in bytes.chunks(1 + usize::from(*cut)) {
                    let status = sound(unsafe {
                        hy_stream_feed(
                            stream,
                            chunk.as_ptr().cast(),
                            chunk.len(),
                            callback,
                            data_of,
                        )
                    });
                    assert!(status == HY_OK || status == HY_STOPPED || stream.is_null());
                }
            }
            Call::Finish { stream, stop } => {
                let stream = pick(&self.streams, *stream);
                let mut seen = self.seen(null_mut(), stream, &[], *stop);
                sound(unsafe {
                    hy_stream_finish(stream, Some(on_part), (&raw mut seen).cast())
                });
            }
            Call::Total { stream, size } => {
                let mut result = no_result(*size);
                let stream = pick(&self.streams, *stream);
                if sound(unsafe { hy_stream_total(stream, &raw mut result) }) == HY_OK {
                    assert_eq!(
                        result.finding_count
                            + result.contact_count
                            + result.attribute_count,
                        0
                    );
                    list(result.platforms, result.platform_count)
                        .iter()
                        .for_each(|name| drop(read(*name)));
                }
            }
            Call::FreeStream { stream } => {
                let place = usize::from(*stream) % self.streams.len();
                if place > 0 {
                    unsafe { hy_stream_free(self.streams.swap_remove(place)) };
                }
            }
        }
    }

    /// Results do not outlive the ruleset that they name.
    fn forget_results(&self) {
        for scratch in &self.scratches[1..] {
            // SAFETY: live handles. What is masked leaves no result.
            unsafe {
                let mut length = 0;
                let _ = hy_mask(
                    self.rulesets[1],
                    *scratch,
                    null(),
                    0,
                    null_mut(),
                    0,
                    &raw mut length,
                );
            }
        }
    }

    fn seen<'w>(
        &'w self,
        scratch: *mut hy_scratch,
        stream: *mut hy_stream,
        text: &'w [u8],
        stop: Option<u8>,
    ) -> Seen<'w> {
        Seen { world: self, scratch, stream, text, count: 0, stop }
    }

    fn load(
        &mut self,
        from: u8,
        damage: Option<(u16, u8)>,
        cut: Option<u16>,
        borrowed: bool,
        old_error: bool,
    ) {
        let mut bytes = match pick(&self.rulesets, from) {
            // The built-in one is large.
            ruleset
                if !ruleset.is_null() && usize::from(from) % self.rulesets.len() > 1 =>
            {
                let mut length = 0;
                // SAFETY: a live handle; then a block of that length.
                unsafe {
                    let _ = hy_ruleset_serialize(ruleset, null_mut(), 0, &raw mut length);
                    let mut bytes = vec![0u8; length.min(1 << 20)];
                    let _ = hy_ruleset_serialize(
                        ruleset,
                        bytes.as_mut_ptr().cast(),
                        bytes.len(),
                        &raw mut length,
                    );
                    bytes
                }
            }
            _ => b"HUOYAN\r\n\x01\0\0\0 not more".to_vec(),
        };
        if let Some((at, value)) = damage {
            let at = usize::from(at) % bytes.len();
            bytes[at] = value;
            crate::damage::reseal(&mut bytes, crc32fast::hash);
        }
        if let Some(cut) = cut {
            bytes.truncate(usize::from(cut));
        }
        self.bytes.push(bytes);
        let bytes = &self.bytes[self.bytes.len() - 1];
        let (mut out, mut error) = (null(), no_error());
        if old_error {
            error.struct_size = 8;
        }
        let load = if borrowed {
            hy_ruleset_deserialize_borrowed
        } else {
            hy_ruleset_deserialize
        };
        // SAFETY: the bytes stay there as long as the world.
        let status = sound(unsafe {
            load(bytes.as_ptr().cast(), bytes.len(), &raw mut out, &raw mut error)
        });
        match old_error {
            true => assert_eq!(status, HY_ERR_STRUCT_SIZE),
            false => read_error(&error, status),
        }
        self.add(status, out);
    }

    unsafe fn scan(&mut self, call: &Call<'_>) {
        let (ruleset, scratch, text) = match call {
            Call::Scan { ruleset, scratch, text, .. }
            | Call::ScanInto { ruleset, scratch, text, .. }
            | Call::IsFlagged { ruleset, scratch, text }
            | Call::Mask { ruleset, scratch, text, .. } => (ruleset, scratch, text),
            _ => return,
        };
        let (ruleset, scratch) =
            (pick(&self.rulesets, *ruleset), pick(&self.scratches, *scratch));
        let bytes = text.bytes();
        let (data, length) = text.given(&bytes);
        let status = match call {
            Call::Scan { stop, no_callback, .. } => {
                let mut seen = self.seen(scratch, null_mut(), &bytes, *stop);
                let callback: hy_finding_fn =
                    if *no_callback { None } else { Some(on_finding) };
                unsafe {
                    hy_scan(
                        ruleset,
                        scratch,
                        data,
                        length,
                        callback,
                        (&raw mut seen).cast(),
                    )
                }
            }
            Call::ScanInto { room, no_count, .. } => {
                let room = usize::from(*room) % 80;
                // SAFETY: numbers and pointers, all of which may be zero.
                let mut findings: Vec<hy_finding> =
                    vec![unsafe { std::mem::zeroed() }; room];
                let mut count = 0;
                let place = if *no_count { null_mut() } else { &raw mut count };
                let status = unsafe {
                    hy_scan_into(
                        ruleset,
                        scratch,
                        data,
                        length,
                        findings.as_mut_ptr(),
                        room,
                        place,
                    )
                };
                if status == HY_OK && !*no_count {
                    findings[..room.min(count)]
                        .iter()
                        .for_each(|f| read_finding(f, Some(&bytes)));
                }
                status
            }
            Call::IsFlagged { .. } => {
                let mut flagged = -1;
                let status = unsafe {
                    hy_is_flagged(ruleset, scratch, data, length, &raw mut flagged)
                };
                assert!((0..=1).contains(&flagged) || status != HY_OK);
                status
            }
            Call::Mask { room, .. } => {
                let (room, mut needed) = (usize::from(*room), 0);
                let mut buffer = Guarded::new(room);
                let status = unsafe {
                    hy_mask(
                        ruleset,
                        scratch,
                        data,
                        length,
                        buffer.data().cast(),
                        room,
                        &raw mut needed,
                    )
                };
                buffer.checked(room);
                assert!(needed <= length);
                status
            }
            _ => return,
        };
        let missing =
            ruleset.is_null() || scratch.is_null() || matches!(text, Text::NullButLong);
        match sound(status) {
            HY_OK | HY_STOPPED | HY_ERR_SCRATCH | HY_ERR_BUFFER_TOO_SMALL => {
                assert!(!missing)
            }
            HY_ERR_NULL => {
                assert!(missing || matches!(call, Call::Scan { no_callback: true, .. }))
            }
            other => panic!("{call:?} gave {other}"),
        }
        if !scratch.is_null() {
            let mut result = no_result(None);
            assert_eq!(unsafe { hy_scratch_result(scratch, &raw mut result) }, HY_OK);
            // After an error in the arguments the last result is still there, but
            // its text is not.
            if status == HY_OK || status == HY_STOPPED {
                read_result(&result, Some(&bytes));
            }
        }
    }
}
