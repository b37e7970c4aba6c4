//! From blocks to posts.

use crate::input::{Block, Content, Line, Rows};
use crate::json::{FieldNames, JsonPost};
use std::borrow::Cow;
use std::fmt;

/// One post.
#[derive(Clone, Debug)]
pub(crate) struct Post<'a> {
    /// The line that it begins on, from 1.
    pub(crate) line: u64,
    /// The id that the input gives it.
    pub(crate) id: Option<Cow<'a, str>>,
    /// The text, which need not be valid UTF-8.
    pub(crate) text: &'a [u8],
}

impl Post<'_> {
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
    Bad(Post<'a>, &'a str),
    /// The file cannot be read, or not on from here.
    Failed(&'a str),
}

const TOO_LONG: &str = "longer than 16 MiB; split the post";

/// Goes through the posts of blocks.
#[derive(Debug)]
pub(crate) struct Parser {
    names: FieldNames,
    json: JsonPost,
}

impl Parser {
    pub(crate) fn new(names: FieldNames) -> Parser {
        Parser { names, json: JsonPost::default() }
    }

    /// Calls `visit` with each post of a block, in order.
    pub(crate) fn each(&mut self, block: &Block, mut visit: impl FnMut(Item<'_>)) {
        match &block.content {
            Content::Text(lines) => lines.each(|Line { number: line, text, .. }| {
                let post = Post { line, id: None, text: text.unwrap_or_default() };
                visit(match text {
                    Some(_) => Item::Post(post),
                    None => Item::Bad(post, TOO_LONG),
                });
            }),
            Content::Jsonl(lines) => lines.each(|Line { number: line, text, .. }| {
                if text.is_some_and(|text| text.trim_ascii().is_empty()) {
                    return;
                }
                let result = match text {
                    Some(bytes) => self.json.read(bytes, &self.names),
                    None => {
                        self.json.id.clear();
                        Err(TOO_LONG.into())
                    }
                };
                let id = &self.json.id;
                let id = (!id.is_empty()).then_some(Cow::Borrowed(id.as_str()));
                match result {
                    Ok(()) => visit(Item::Post(Post { line, id, text: &self.json.text })),
                    Err(why) => visit(Item::Bad(Post { line, id, text: b"" }, &why)),
                }
            }),
            Content::Rows(rows) => each_row(rows, visit),
            Content::Failed(why) => visit(Item::Failed(why)),
        }
    }
}

fn each_row(rows: &Rows, mut visit: impl FnMut(Item<'_>)) {
    for row in &rows.rows {
        let line = row.line;
        match &row.cells {
            Ok(cells) => {
                let id =
                    cells.id.clone().map(|id| String::from_utf8_lossy(&rows.bytes[id]));
                visit(Item::Post(Post {
                    line,
                    id,
                    text: &rows.bytes[cells.text.clone()],
                }));
            }
            Err(why) => visit(Item::Bad(Post { line, id: None, text: b"" }, why)),
        }
    }
}
