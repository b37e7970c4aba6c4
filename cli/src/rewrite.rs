//! `huoyan fold` and `huoyan mask`: text in, text out, line by line.

use crate::args::{FoldArgs, MaskArgs};
use crate::error::Result;
use crate::input::{Block, Content, Input, Line};
use crate::pack;
use huoyan::{Scratch, fold};
use std::io::{self, Write};
use std::path::PathBuf;

/// Writes the folded text. Tells whether the file could not be read.
pub(crate) fn fold(args: &FoldArgs) -> Result<bool> {
    rewrite(args.file.clone(), |line, out| {
        out.extend(fold::fold_bytes(line).map(|folded| folded.char));
    })
}

/// Writes the masked text. Tells whether the file could not be read.
pub(crate) fn mask(args: &MaskArgs) -> Result<bool> {
    let ruleset = pack::load(&args.pack)?;
    let mut scratch = Scratch::new(&ruleset);
    rewrite(args.file.clone(), |line, out| {
        let text = String::from_utf8_lossy(line);
        out.push_str(&ruleset.mask(&mut scratch, &text));
    })
}

/// Gives each line to `write`, without its end, which is kept as it is.
fn rewrite(
    file: Option<PathBuf>,
    mut write: impl FnMut(&[u8], &mut String),
) -> Result<bool> {
    let mut stdout = io::stdout().lock();
    let mut failed = false;
    let mut out = String::new();
    for Block { file, content, .. } in Input::lines(file) {
        match content {
            Content::Text(lines) => {
                out.clear();
                lines.each(|Line { number, text, end }| {
                    match text {
                        Some(line) => write(line, &mut out),
                        None => {
                            let why = "longer than 16 MiB, left empty; split the line";
                            _ = writeln!(anstream::stderr(), "{file}:{number}: {why}");
                        }
                    }
                    out.push_str(end);
                });
                stdout.write_all(out.as_bytes())?;
                stdout.flush()?;
            }
            Content::Failed(why) => {
                failed = true;
                _ = writeln!(anstream::stderr(), "{file}: {why}");
            }
            _ => {}
        }
    }
    Ok(failed)
}
