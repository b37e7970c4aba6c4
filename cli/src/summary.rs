//! Counts over many posts.

use crate::terminal::{pad, printable, thousands};
use crate::view::View;
use huoyan::{Category, fold::Disguise};
use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};
use std::ops::Range;
use unicode_width::UnicodeWidthStr;

/// Most contacts that are told apart; memory stays bounded whatever the input.
const CONTACTS_MAX: usize = 200_000;
/// Most contacts that are shown.
const CONTACTS_SHOWN: usize = 10;

/// What a scan counts. Counts of details are over flagged posts.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    pub(crate) posts: u64,
    pub(crate) flagged: u64,
    /// Bad lines.
    pub(crate) errors: u64,
    categories: BTreeMap<Category, u64>,
    platforms: BTreeMap<String, u64>,
    /// Words that wore each disguise.
    disguises: BTreeMap<Disguise, u64>,
    /// Platform and value of each contact, in the order of the posts, before
    /// they are added to other counts.
    found: Vec<(String, String)>,
    /// The same, counted.
    contacts: HashMap<(String, String), u64>,
    contacts_full: bool,
}

impl Summary {
    /// Counts the details of a flagged post.
    pub(crate) fn count(&mut self, view: &View<'_>) {
        for (category, _) in view.scores() {
            *self.categories.entry(category).or_default() += 1;
        }
        for platform in view.verdict.platforms() {
            count(&mut self.platforms, platform);
        }
        let mut known: Vec<(Range<usize>, &str)> = Vec::new();
        for hit in view.findings().flat_map(|finding| finding.evidence()) {
            let key = (hit.range(), hit.concept());
            if !known.contains(&key) {
                known.push(key);
                for kind in hit.disguises().iter() {
                    *self.disguises.entry(kind).or_default() += 1;
                }
            }
        }
        let start = self.found.len();
        for contact in view.verdict.contacts() {
            let key = (contact.platform().to_owned(), contact.value().collect());
            if !self.found[start..].contains(&key) {
                self.found.push(key);
            }
        }
    }

    /// Adds the counts of a block that comes after these.
    pub(crate) fn add(&mut self, other: Summary) {
        self.posts += other.posts;
        self.flagged += other.flagged;
        self.errors += other.errors;
        for (category, number) in other.categories {
            *self.categories.entry(category).or_default() += number;
        }
        for (platform, number) in other.platforms {
            *self.platforms.entry(platform).or_default() += number;
        }
        for (kind, number) in other.disguises {
            *self.disguises.entry(kind).or_default() += number;
        }
        for key in other.found {
            if self.contacts.len() < CONTACTS_MAX || self.contacts.contains_key(&key) {
                *self.contacts.entry(key).or_default() += 1;
            } else {
                self.contacts_full = true;
            }
        }
    }

    /// The totals in one line.
    pub(crate) fn line(&self) -> String {
        let posts = plural(self.posts, "post", "posts");
        let mut line = format!("{posts}, {} flagged", thousands(self.flagged));
        if self.errors > 0 {
            line.push_str(", ");
            line.push_str(&plural(
                self.errors,
                "bad line left out",
                "bad lines left out",
            ));
        }
        line
    }

    /// Writes everything.
    pub(crate) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", self.line())?;
        let categories = self.categories.iter().map(|(c, n)| (c.name().to_owned(), *n));
        table(out, "category", "posts", ranked(categories))?;
        let platforms = self.platforms.iter().map(|(name, n)| (printable(name), *n));
        table(out, "platform", "posts", ranked(platforms))?;
        let disguises =
            self.disguises.iter().map(|(kind, n)| (kind.name().to_owned(), *n));
        table(out, "disguise", "words", ranked(disguises))?;
        let contacts = self.contacts.iter().map(|((platform, value), n)| {
            (format!("{} {}", printable(platform), printable(value)), *n)
        });
        let mut contacts = ranked(contacts);
        let more = contacts.len().saturating_sub(CONTACTS_SHOWN);
        contacts.truncate(CONTACTS_SHOWN);
        table(out, "contact", "posts", contacts)?;
        match self.contacts_full {
            true => writeln!(
                out,
                "  … of the first {} contacts",
                thousands(CONTACTS_MAX as u64)
            ),
            false if more > 0 => writeln!(out, "  … and {} more", thousands(more as u64)),
            false => Ok(()),
        }
    }
}

fn count(counts: &mut BTreeMap<String, u64>, name: &str) {
    match counts.get_mut(name) {
        Some(number) => *number += 1,
        None => drop(counts.insert(name.to_owned(), 1)),
    }
}

/// Rows by falling number, then by name.
fn ranked(rows: impl Iterator<Item = (String, u64)>) -> Vec<(String, u64)> {
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    rows
}

fn table(
    out: &mut dyn Write,
    title: &str,
    unit: &str,
    rows: Vec<(String, u64)>,
) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let width = rows.iter().map(|(name, _)| name.width()).max().unwrap_or(0).max(28);
    writeln!(out, "\n{title:<width$}  {unit:>12}", width = width + 2)?;
    for (name, number) in rows {
        let mut line = format!("  {name}");
        pad(&mut line, &name, width);
        writeln!(out, "{line}  {:>12}", thousands(number))?;
    }
    Ok(())
}

/// A number with its noun.
pub(crate) fn plural(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(number), if number == 1 { one } else { many })
}
