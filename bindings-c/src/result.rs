//! Everything that a text comes to, as arrays that C reads.

use crate::category::{HY_CATEGORY_NONE, hy_category};
use crate::contact::{HY_ATTRIBUTE_HAS_VALUE, hy_attribute, hy_contact};
use crate::ffi::Versioned;
use crate::finding::{HY_EVIDENCE_PATTERN, hy_evidence, hy_finding};
use crate::ruleset::Names;
use crate::text::hy_str;
use engine::Verdict;
use engine::limits::*;
use std::ops::Range;

/// Some finding reaches the threshold.
pub const HY_RESULT_FLAGGED: u32 = 1;
/// A limit cut the result: more was there than is told.
pub const HY_RESULT_TRUNCATED: u32 = 2;

/// What a text comes to. The caller sets it to HY_RESULT_INIT.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct hy_result {
    /// In: sizeof(hy_result).
    pub struct_size: u32,
    /// HY_RESULT_* combined by `|`. A later version may set further bits.
    pub flags: u32,
    /// The category of the finding with the highest score, or HY_CATEGORY_NONE.
    pub category: hy_category,
    /// The highest score of any place, 0 to 100, whether or not it reaches the
    /// threshold.
    pub score: f32,
    /// The findings that reach the threshold.
    pub findings: *const hy_finding,
    /// How many findings there are.
    pub finding_count: usize,
    /// The identifiers that the post gives, in the order of the text.
    pub contacts: *const hy_contact,
    /// How many contacts there are.
    pub contact_count: usize,
    /// The attributes of what is offered.
    pub attributes: *const hy_attribute,
    /// How many attributes there are.
    pub attribute_count: usize,
    /// The names of all platforms that the text names, flagged or not. They
    /// live as long as the ruleset.
    pub platforms: *const hy_str,
    /// How many platforms there are.
    pub platform_count: usize,
}

// SAFETY: repr(C), and `struct_size` comes first.
unsafe impl Versioned for hy_result {}

/// Most bytes of one contact's value: 64 characters are read at most.
const VALUE_BYTES_MAX: usize = 256;
/// Most platforms of a text, as many as a pack may have.
const PLATFORMS_MAX: usize = 64;

/// The arrays. They never grow, so what points into them stays valid.
pub(crate) struct Results {
    flags: u32,
    category: hy_category,
    score: f32,
    findings: Vec<hy_finding>,
    evidence: Vec<hy_evidence>,
    rules: Vec<hy_str>,
    contacts: Vec<hy_contact>,
    values: Vec<u8>,
    attributes: Vec<hy_attribute>,
    platforms: Vec<hy_str>,
}

// SAFETY: the pointers are into the arrays themselves, the text and the
// ruleset; reading them is the caller's, whichever thread that is in.
unsafe impl Send for Results {}

impl Results {
    pub(crate) fn new() -> Results {
        Results {
            flags: 0,
            category: HY_CATEGORY_NONE,
            score: 0.0,
            findings: Vec::with_capacity(FINDINGS_MAX),
            evidence: Vec::with_capacity(FINDINGS_MAX * EVIDENCE_MAX),
            rules: Vec::with_capacity(FINDINGS_MAX * FINDING_RULES_MAX),
            contacts: Vec::with_capacity(CONTACTS_MAX),
            values: Vec::with_capacity(CONTACTS_MAX * VALUE_BYTES_MAX),
            attributes: Vec::with_capacity(ATTRIBUTES_MAX),
            platforms: Vec::with_capacity(PLATFORMS_MAX),
        }
    }

    /// What the arrays take, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.findings.capacity() * size_of::<hy_finding>()
            + self.evidence.capacity() * size_of::<hy_evidence>()
            + (self.rules.capacity() + self.platforms.capacity()) * size_of::<hy_str>()
            + self.contacts.capacity() * size_of::<hy_contact>()
            + self.values.capacity()
            + self.attributes.capacity() * size_of::<hy_attribute>()
    }

    pub(crate) fn findings(&self) -> &[hy_finding] {
        &self.findings
    }

    pub(crate) fn clear(&mut self) {
        self.findings.clear();
        self.evidence.clear();
        self.rules.clear();
        self.contacts.clear();
        self.values.clear();
        self.attributes.clear();
        self.platforms.clear();
        (self.flags, self.category, self.score) = (0, HY_CATEGORY_NONE, 0.0);
    }

    /// Takes over a verdict of a text that begins at `base` of the whole. `names`
    /// are those of its ruleset.
    pub(crate) fn fill(
        &mut self,
        names: &Names,
        verdict: &Verdict<'_>,
        text: &[u8],
        base: u64,
    ) {
        self.clear();
        self.score = verdict.score();
        if verdict.truncated() {
            self.flags |= HY_RESULT_TRUNCATED;
        }
        if let Some(category) = verdict.category() {
            (self.category, self.flags) =
                (category as u32, self.flags | HY_RESULT_FLAGGED);
        }
        let span = |range: Range<usize>| Span {
            start: base + range.start as u64,
            end: base + range.end as u64,
            text: hy_str::of(text.get(range).unwrap_or(&[])),
        };
        self.fill_findings(names, verdict, &span);
        self.fill_contacts(verdict, &span);
        for attribute in verdict.attributes() {
            let Span { start, end, text } = span(attribute.range());
            let has_value = attribute.value().is_some();
            let flags = if has_value { HY_ATTRIBUTE_HAS_VALUE } else { 0 };
            let name = attribute.name().into();
            let found = hy_attribute { start, end, text, name, flags, reserved: 0 };
            self.push(|own| &mut own.attributes, found);
        }
        for platform in verdict.platforms() {
            self.push(|own| &mut own.platforms, platform.into());
        }
    }

    fn fill_findings(
        &mut self,
        names: &Names,
        verdict: &Verdict<'_>,
        span: &impl Fn(Range<usize>) -> Span,
    ) {
        for finding in verdict.findings() {
            let (evidence_from, rules_from) = (self.evidence.len(), self.rules.len());
            for evidence in finding.evidence() {
                let Span { start, end, text } = span(evidence.range());
                let means = evidence.means();
                let number = evidence.concept_number();
                let name = names.concepts.get(number).copied();
                let found = hy_evidence {
                    start,
                    end,
                    text,
                    concept_name: name.unwrap_or_else(|| "".into()),
                    means: means.unwrap_or("").into(),
                    disguises: evidence.disguises().bits().into(),
                    concept_number: number as u32,
                    flags: if means.is_none() { HY_EVIDENCE_PATTERN } else { 0 },
                };
                self.push(|own| &mut own.evidence, found);
            }
            for rule in finding.rule_numbers() {
                let name = names.rules.get(rule).copied();
                self.push(|own| &mut own.rules, name.unwrap_or_else(|| "".into()));
            }
            let Span { start, end, text } = span(finding.range());
            let found = hy_finding {
                start,
                end,
                text,
                category: finding.category() as u32,
                score: finding.score(),
                log_odds: finding.log_odds(),
                evidence_count: (self.evidence.len() - evidence_from) as u32,
                evidence: self.evidence.as_ptr().wrapping_add(evidence_from),
                rules: self.rules.as_ptr().wrapping_add(rules_from),
                rule_count: (self.rules.len() - rules_from) as u32,
                reserved: 0,
            };
            self.push(|own| &mut own.findings, found);
        }
    }

    fn fill_contacts(
        &mut self,
        verdict: &Verdict<'_>,
        span: &impl Fn(Range<usize>) -> Span,
    ) {
        for contact in verdict.contacts() {
            let from = self.values.len();
            for c in contact.value() {
                let mut buffer = [0; 4];
                let bytes = c.encode_utf8(&mut buffer).as_bytes();
                if self.values.len() + bytes.len() > self.values.capacity() {
                    self.flags |= HY_RESULT_TRUNCATED;
                    break;
                }
                self.values.extend_from_slice(bytes);
            }
            let value = hy_str::of(&self.values[from..]);
            let Span { start, end, text } = span(contact.range());
            let platform = contact.platform().into();
            let found = hy_contact { start, end, text, platform, value };
            self.push(|own| &mut own.contacts, found);
        }
    }

    /// Adds to an array that must not grow.
    fn push<T>(&mut self, array: impl Fn(&mut Results) -> &mut Vec<T>, item: T) {
        let list = array(self);
        if list.len() < list.capacity() {
            list.push(item);
        } else {
            self.flags |= HY_RESULT_TRUNCATED;
        }
    }

    /// The arrays as C sees them.
    pub(crate) fn view(&self) -> hy_result {
        hy_result {
            struct_size: size_of::<hy_result>() as u32,
            flags: self.flags,
            category: self.category,
            score: self.score,
            findings: self.findings.as_ptr(),
            finding_count: self.findings.len(),
            contacts: self.contacts.as_ptr(),
            contact_count: self.contacts.len(),
            attributes: self.attributes.as_ptr(),
            attribute_count: self.attributes.len(),
            platforms: self.platforms.as_ptr(),
            platform_count: self.platforms.len(),
        }
    }
}

/// A span of the text in the whole, and its bytes.
struct Span {
    start: u64,
    end: u64,
    text: hy_str,
}
