//! `huoyan fold` and `huoyan mask`: text in, text out, line by line.

use crate::args::{FoldArgs, MaskArgs};
use crate::error::Result;
use crate::input::{Block, Content, Input, Line};
use crate::messages::{self, Messages, Teller};
use crate::pack;
use crate::problem::{Broken, Kind, Problem};
use huoyan::{Scratch, fold};
use std::io::{self, Write};
use std::path::PathBuf;

/// Writes the folded text. Tells whether the file could not be read.
pub(crate) fn fold(args: &FoldArgs) -> Result<bool> {
    let broken = "the line, which is written with U+FFFD for it";
    rewrite(args.file.clone(), broken, |line, out| {
        let mut place = [0; 4];
        for folded in fold::fold_bytes(line) {
            let plain = folded.char.encode_utf8(&mut place);
            out.extend_from_slice(plain.as_bytes());
        }
    })
}

/// Writes the masked text. Tells whether the file could not be read.
pub(crate) fn mask(args: &MaskArgs) -> Result<bool> {
    let ruleset = pack::load(&args.pack)?;
    let mut scratch = Scratch::new(&ruleset);
    let broken = "the line; such bytes are kept, and nothing can be found in them";
    rewrite(args.file.clone(), broken, |line, out| {
        let start = out.len();
        out.extend_from_slice(line);
        let length = ruleset.mask_in_place(&mut scratch, &mut out[start..]);
        out.truncate(start + length);
    })
}

/// Gives each line to `write`, without its end, which is kept as it is. `broken`
/// tells what it does with lines that are not UTF-8.
fn rewrite(
    file: Option<PathBuf>,
    broken: &str,
    mut write: impl FnMut(&[u8], &mut Vec<u8>),
) -> Result<bool> {
    let mut stdout = io::stdout().lock();
    let mut teller = Teller::new();
    let mut failed = false;
    let mut out = Vec::new();
    for Block { file, content, .. } in Input::lines(file) {
        let mut messages = Messages::default();
        match content {
            Content::Text(lines) => {
                out.clear();
                lines.each(|Line { number, text, end }| {
                    match text {
                        Some(line) => {
                            if let Some(found) = Broken::find(line) {
                                messages.broken(number, found, broken);
                            }
                            write(line, &mut out);
                        }
                        None => {
                            let why = "longer than 16 MiB, left empty; split the line";
                            messages.problem(number, &Problem::new(Kind::TooLong, why));
                        }
                    }
                    out.extend_from_slice(end.as_bytes());
                });
                stdout.write_all(&out)?;
                stdout.flush()?;
            }
            Content::Failed(why) => {
                failed = true;
                messages.fail(&why);
            }
            _ => {}
        }
        messages::write(&teller.block(&file, messages));
    }
    messages::write(&teller.finish());
    Ok(failed)
}
