//! From blocks to posts.

use crate::input::{Block, Content, Line, Rows};
use crate::json::{FieldNames, JsonPost};
use crate::problem::{Broken, Problem};
use std::borrow::Cow;
use std::fmt;

/// One post.
#[derive(Clone, Debug)]
pub(crate) struct Post<'a> {
    /// The line that it begins on, from 1.
    pub(crate) line: u64,
    /// The id that the input gives it.
    pub(crate) id: Option<Cow<'a, str>>,
    /// The text, valid UTF-8: what is broken in the input is U+FFFD here.
    pub(crate) text: &'a [u8],
    /// The first such place.
    pub(crate) broken: Option<Broken>,
}

impl<'a> Post<'a> {
    /// A place in the input where there should be a post.
    fn without_text(line: u64, id: Option<Cow<'a, str>>) -> Post<'a> {
        Post { line, id, text: b"", broken: None }
    }

    /// The input's own id, else the line number.
    pub(crate) fn id(&self) -> Id<'_> {
        Id(self)
    }
}

/// Shows a post's id.
pub(crate) struct Id<'a>(&'a Post<'a>);

impl fmt::Display for Id<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.id {
            Some(id) => f.write_str(id),
            None => write!(f, "{}", self.0.line),
        }
    }
}

/// A post, or a place in the input where there should be one.
pub(crate) enum Item<'a> {
    Post(Post<'a>),
    /// The post without its text, and what is wrong with it.
    Bad(Post<'a>, &'a Problem),
    /// The file cannot be read, or not on from here.
    Failed(&'a str),
}

/// Goes through the posts of blocks.
#[derive(Debug)]
pub(crate) struct Parser {
    names: FieldNames,
    json: JsonPost,
    /// A text that was not valid, mended.
    mended: String,
}

impl Parser {
    pub(crate) fn new(names: FieldNames) -> Parser {
        Parser { names, json: JsonPost::default(), mended: String::new() }
    }

    /// Calls `visit` with each post of a block, in order.
    pub(crate) fn each(&mut self, block: &Block, mut visit: impl FnMut(Item<'_>)) {
        let Parser { names, json, mended } = self;
        match &block.content {
            Content::Text(lines) => {
                let is_valid = is_valid(&lines.bytes);
                let too_long = Problem::too_long();
                lines.each(|Line { number: line, text, .. }| {
                    visit(match text {
                        Some(text) => {
                            Item::Post(post(line, None, text, is_valid, mended))
                        }
                        None => Item::Bad(Post::without_text(line, None), &too_long),
                    });
                });
            }
            Content::Jsonl(lines) => {
                let is_valid = is_valid(&lines.bytes);
                lines.each(|Line { number: line, text, .. }| {
                    if text.is_some_and(|text| text.trim_ascii().is_empty()) {
                        return;
                    }
                    let result = match text {
                        Some(text) if !is_valid => {
                            let text = String::from_utf8_lossy(text);
                            let is_broken = matches!(text, Cow::Owned(_));
                            json.read(text.as_bytes(), is_broken, names)
                        }
                        Some(text) => json.read(text, false, names),
                        None => {
                            json.id.clear();
                            Err(Problem::too_long())
                        }
                    };
                    let id = (!json.id.is_empty()).then(|| Cow::from(json.id.as_str()));
                    let (text, broken) = (json.text.as_slice(), json.broken);
                    match result {
                        Ok(()) => visit(Item::Post(Post { line, id, text, broken })),
                        Err(why) => visit(Item::Bad(Post::without_text(line, id), &why)),
                    }
                });
            }
            Content::Rows(rows) => each_row(rows, mended, visit),
            Content::Failed(why) => visit(Item::Failed(why)),
        }
    }
}

fn each_row(rows: &Rows, mended: &mut String, mut visit: impl FnMut(Item<'_>)) {
    let is_valid = is_valid(&rows.bytes);
    for row in &rows.rows {
        let line = row.line;
        match &row.cells {
            Ok(cells) => {
                let id =
                    cells.id.clone().map(|id| String::from_utf8_lossy(&rows.bytes[id]));
                let text = &rows.bytes[cells.text.clone()];
                visit(Item::Post(post(line, id, text, is_valid, mended)));
            }
            Err(why) => visit(Item::Bad(Post::without_text(line, None), why)),
        }
    }
}

/// Whether a look at a whole block shows that every post in it is valid UTF-8.
fn is_valid(block: &[u8]) -> bool {
    simdutf8::basic::from_utf8(block).is_ok()
}

/// A post. A text that may not be valid is looked at, and mended if it is not.
fn post<'a>(
    line: u64,
    id: Option<Cow<'a, str>>,
    text: &'a [u8],
    is_valid: bool,
    mended: &'a mut String,
) -> Post<'a> {
    if !is_valid && let Some(broken) = Broken::find(text) {
        mended.clear();
        mended.push_str(&String::from_utf8_lossy(text));
        return Post { line, id, text: mended.as_bytes(), broken: Some(broken) };
    }
    Post { line, id, text, broken: None }
}
