//! Every use of `unsafe` in what is shipped, with its reason.

use super::write_or_compare;
use proc_macro2::{TokenStream, TokenTree};
use std::fs;
use std::path::{Path, PathBuf};

const FILE: &str = "UNSAFE.md";
/// Sources that are part of a crate, wheel or library.
const SHIPPED: &[&str] =
    &["core/src", "cli/src", "bindings-c/src", "bindings-python/src"];

/// Writes the list of all unsafe code, or compares it. Fails where the reason is
/// missing.
pub(crate) fn unsafe_inventory(check: bool) -> Result<(), String> {
    let mut text = String::from(
        "# Unsafe code\n\nEvery `unsafe` in the sources that are shipped, by `cargo xtask \
         unsafe-inventory`, which `cargo xtask test` compares. Attributes (`no_mangle`) are \
         counted, not listed: they only name a function.\n",
    );
    for folder in SHIPPED {
        let (mut files, mut uses, mut attributes) = (Vec::new(), 0, 0);
        sources(&crate::root().join(folder), &mut files)?;
        let mut listed = String::new();
        for path in &files {
            let source = fs::read_to_string(path)
                .map_err(|error| format!("{}: {error}", path.display()))?;
            let name = path.strip_prefix(crate::root()).unwrap_or(path).display();
            let found = uses_of(&source).map_err(|error| format!("{name}: {error}"))?;
            attributes += found.iter().filter(|one| one.kind == Kind::Attribute).count();
            let code = found.iter().filter(|one| one.kind != Kind::Attribute);
            for one in code {
                uses += 1;
                let reason = one.reason.as_deref().ok_or_else(|| {
                    format!("{name}:{}: {} has no `SAFETY:`", one.line, one.what)
                })?;
                listed += &format!("| `{name}` | {} | {reason} |\n", one.what);
            }
        }
        text += &format!("\n## {folder}\n\n{uses} uses; {attributes} attributes.\n");
        if uses > 0 {
            text +=
                &format!("\n| file | what | why it is sound |\n|---|---|---|\n{listed}");
        }
    }
    write_or_compare(FILE, &text, check, "unsafe-inventory")
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), String> {
    let fail = |error| format!("{}: {error}", folder.display());
    let entries = fs::read_dir(folder).map_err(fail)?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            sources(&path, found)?;
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    Ok(())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Block,
    Function,
    Implementation,
    Trait,
    /// A type such as `unsafe extern "C" fn(…)`.
    Pointer,
    Attribute,
}

/// One `unsafe`.
#[derive(Debug)]
struct Use {
    kind: Kind,
    line: usize,
    /// What it is, and in which function or item.
    what: String,
    /// The comment that says why, if there is one.
    reason: Option<String>,
}

/// Finds every `unsafe` among the tokens of a source, so that comments and strings
/// are none and macros are seen into.
fn uses_of(source: &str) -> Result<Vec<Use>, String> {
    let tokens: TokenStream = source.parse().map_err(|error| format!("{error}"))?;
    let lines: Vec<&str> = source.lines().collect();
    let mut found = Vec::new();
    visit(tokens, &lines, "", &mut found);
    Ok(found)
}

fn visit(tokens: TokenStream, lines: &[&str], inside: &str, found: &mut Vec<Use>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let word = |at: usize| match tokens.get(at) {
        Some(TokenTree::Ident(ident)) => ident.to_string(),
        _ => String::new(),
    };
    let mut inside = inside.to_owned();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => {
                if inside == "tests" {
                    continue;
                }
                visit(group.stream(), lines, &inside, found);
            }
            TokenTree::Ident(ident) if ident == "unsafe" => {
                let next = match tokens.get(at + 1) {
                    Some(TokenTree::Group(group)) => {
                        format!("{:?}", group.delimiter())
                    }
                    _ => word(at + 1),
                };
                let (kind, what) = match next.as_str() {
                    "Brace" => (Kind::Block, format!("block in `{inside}`")),
                    "Parenthesis" => (Kind::Attribute, "attribute".to_owned()),
                    "impl" => (Kind::Implementation, "implementation".to_owned()),
                    "trait" => (Kind::Trait, format!("trait `{}`", word(at + 2))),
                    // `unsafe extern "C" fn name` has the name two tokens later.
                    _ => match (at + 1..at + 5).find(|at| word(*at) == "fn") {
                        Some(at) if !word(at + 1).is_empty() => {
                            (Kind::Function, format!("function `{}`", word(at + 1)))
                        }
                        _ => (Kind::Pointer, format!("function type in `{inside}`")),
                    },
                };
                let line = ident.span().start().line;
                // Calling these is unsafe, which is the promise of those who call.
                let reason = match kind {
                    Kind::Pointer => Some("a type; calls of it are blocks".to_owned()),
                    Kind::Function => reason(lines, line)
                        .or_else(|| Some("callers keep its file's contract".into())),
                    _ => reason(lines, line),
                };
                found.push(Use { kind, line, what, reason });
            }
            TokenTree::Ident(ident)
                if (*ident == "fn" || *ident == "mod") && !word(at + 1).is_empty() =>
            {
                inside = word(at + 1);
            }
            _ => {}
        }
    }
}

/// The `SAFETY:` comment, or the section `# Safety`, of what begins above a line.
fn reason(lines: &[&str], line: usize) -> Option<String> {
    let is_comment = |at: &usize| lines[*at].trim().starts_with("//");
    // Up to the comment, past attributes and the start of a statement.
    let last = (0..line - 1).rev().take(6).find(|at| {
        let text = lines[*at].trim();
        is_comment(at) || text.is_empty() || text.ends_with([';', '{', '}'])
    })?;
    let first = (0..=last).rev().take_while(is_comment).last()?;
    let comment = lines[first..=last].iter().map(|line| line.trim());
    let comment: Vec<&str> =
        comment.map(|line| line.trim_start_matches('/').trim()).collect();
    let start = comment
        .iter()
        .position(|line| line.starts_with("SAFETY:") || *line == "# Safety")?;
    let words = comment[start..].join(" ");
    let words = words.trim_start_matches("SAFETY:").trim_start_matches("# Safety");
    Some(words.trim().replace('|', "\\|"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "
        // unsafe here is a comment
        fn quiet() -> &'static str { \"unsafe { }\" }
        #[unsafe(no_mangle)]
        fn seen(x: *const u8) -> u8 {
            // SAFETY: never NULL,
            // and one byte long.
            unsafe { *x }
        }
        macro_rules! hidden { () => { unsafe { seen() } } }
        fn after() {
            // SAFETY: of this block.
            unsafe { seen() };
            unsafe { seen() };
        }
        // SAFETY: no state.
        unsafe impl Send for Thing {}
        mod tests { fn f() { unsafe { } } }
    ";

    #[test]
    fn unsafe_is_found_in_code_and_macros_only() {
        let found = uses_of(SOURCE).unwrap();
        let kinds: Vec<Kind> = found.iter().map(|one| one.kind).collect();
        use Kind::*;
        assert_eq!(kinds, [Attribute, Block, Block, Block, Block, Implementation]);
        assert_eq!(found[1].reason.as_deref(), Some("never NULL, and one byte long."));
        assert_eq!(found[1].what, "block in `seen`");
        assert_eq!(found[2].reason, None);
        assert_eq!(found[3].reason.as_deref(), Some("of this block."));
        assert_eq!(found[4].reason, None);
        assert_eq!(found[5].reason.as_deref(), Some("no state."));
    }
}
