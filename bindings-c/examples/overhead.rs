//! What a call through C costs over the same call in Rust, on messages of about
//! 100 bytes. Both run in this process, in turns; the shared library is loaded
//! as a C program would.
//!
//! ```sh
//! cargo build --release --package huoyan-c
//! cargo run --release --package huoyan-c --example overhead -- target/release/libhuoyan.so
//! ```

#![allow(unsafe_code, clippy::print_stdout)]

use engine::{Ruleset, Scratch};
use libloading::{Library, Symbol};
use std::ffi::c_void;
use std::hint::black_box;
use std::ptr;
use std::time::Instant;

type Builtin = unsafe extern "C" fn(*mut *const c_void) -> i32;
type ScratchNew = unsafe extern "C" fn(*const c_void, *mut *mut c_void) -> i32;
type ScanInto = unsafe extern "C" fn(
    *const c_void,
    *mut c_void,
    *const u8,
    usize,
    *mut c_void,
    usize,
    *mut usize,
) -> i32;

const ROUNDS: usize = 400;
const MESSAGES: usize = 500;

/// Messages of 90 to 110 bytes: ordinary ones, or ones with an offer in them.
fn messages(offers: bool) -> Vec<String> {
    const ORDINARY: [&str; 8] = [
        "今天天气不错，我们去公园走走吧",
        "快递放在门口了，记得拿一下",
        "这家店的面很好吃，下次再来",
        "周末有没有人一起打球",
        "书已经还给图书馆了",
        "明天八点开会，不要迟到",
        "the meeting is moved to Friday",
        "刚看完电影，结局没想到",
    ];
    const OFFERS: [&str; 4] = [
        "大量V信号出售，老号带支付",
        "微.信.辅.助.解.封 接单",
        "薇❤号15-30天实名，批发",
        "加V：abc12345 收老号",
    ];
    let mut made = Vec::new();
    for number in 0..MESSAGES {
        let mut text =
            if offers { OFFERS[number % OFFERS.len()].to_owned() } else { String::new() };
        let mut next = number;
        while text.len() < 90 {
            text.push_str(ORDINARY[next % ORDINARY.len()]);
            text.push('，');
            next = next * 7 + 3;
        }
        while text.len() > 110 {
            text.pop();
        }
        made.push(text);
    }
    made
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn main() {
    let path = std::env::args().nth(1).expect("the path of libhuoyan.so");
    // SAFETY: the library's initialisers do nothing; the signatures below are
    // those of include/huoyan.h.
    let library = unsafe { Library::new(&path) }.expect("a shared library");
    // SAFETY: as above.
    let (builtin, scratch_new, scan_into): (
        Symbol<Builtin>,
        Symbol<ScratchNew>,
        Symbol<ScanInto>,
    ) = unsafe {
        (
            library.get(b"hy_ruleset_builtin").expect("a symbol"),
            library.get(b"hy_scratch_new").expect("a symbol"),
            library.get(b"hy_scan_into").expect("a symbol"),
        )
    };
    let (mut c_ruleset, mut c_scratch) = (ptr::null(), ptr::null_mut());
    // SAFETY: the places are writable; the ruleset outlives the scratch.
    let made =
        unsafe { builtin(&mut c_ruleset) + scratch_new(c_ruleset, &mut c_scratch) };
    assert_eq!(made, 0);
    let ruleset = Ruleset::builtin();
    let mut scratch = Scratch::new(ruleset);

    for offers in [false, true] {
        let messages = messages(offers);
        let (mut rust, mut c, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        let mut found = (0, 0);
        for round in 0..ROUNDS {
            let mut in_rust = || {
                let started = Instant::now();
                for text in &messages {
                    let verdict = ruleset.scan(&mut scratch, black_box(text));
                    found.0 += verdict.findings().count();
                }
                started.elapsed().as_secs_f64() / MESSAGES as f64
            };
            let mut in_c = || {
                let started = Instant::now();
                for text in &messages {
                    let (text, mut count) = (black_box(text), 0);
                    // SAFETY: live objects, a readable text, a writable count.
                    let status = unsafe {
                        scan_into(
                            c_ruleset,
                            c_scratch,
                            text.as_ptr(),
                            text.len(),
                            ptr::null_mut(),
                            0,
                            &mut count,
                        )
                    };
                    assert_eq!(status, 0);
                    found.1 += count;
                }
                started.elapsed().as_secs_f64() / MESSAGES as f64
            };
            // Neither is always the first.
            let (a, b) = match round % 2 {
                0 => (in_rust(), in_c()),
                _ => {
                    let b = in_c();
                    (in_rust(), b)
                }
            };
            rust.push(a);
            c.push(b);
            ratios.push(b / a);
        }
        assert_eq!(found.0, found.1);
        println!(
            "{}: Rust {:.0} ns, C {:.0} ns a message; C/Rust {:.3} (median of {ROUNDS} rounds)",
            if offers { "offers" } else { "ordinary" },
            median(&mut rust) * 1e9,
            median(&mut c) * 1e9,
            median(&mut ratios),
        );
    }
}
