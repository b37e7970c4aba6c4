//! Reports keep what verdicts tell, and come back as they were written.

#![cfg(feature = "builtin")]

use huoyan::{Report, Ruleset, Scratch, shown_score};

/// Made-up posts: offers, contacts, attributes with and without a value, and nothing.
const POSTS: &[&str] = &[
    "",
    "今天天气不错",
    "大量Ｖ信号出售",
    "国内实名薇❤号15-30天！带支付！加V：ａｂｃ①②③④⑤",
    "出售微信号 15-30天，老号90天，又有15-30天的",
    "微.信.辅.助.解.封 接单，QQ:123456789",
    "辅助&#24494;信注册，扫码即可，电话13800138000",
    "微信好用吗",
];

fn with_reports(mut visit: impl FnMut(&str, Report)) {
    let ruleset = Ruleset::builtin();
    let mut scratch = Scratch::new(ruleset);
    // More findings and contacts than a verdict has room for.
    let far = "，今天天气不错我们去公园走一走".repeat(8);
    let many = format!("出售V❤实名15-30天{far}").repeat(100);
    for post in POSTS.iter().copied().chain([many.as_str()]) {
        visit(post, ruleset.scan(&mut scratch, post).into());
    }
}

#[test]
fn a_report_tells_what_the_verdict_tells() {
    let ruleset = Ruleset::builtin();
    let mut scratch = Scratch::new(ruleset);
    let (mut flagged, mut contacts, mut values) = (0, 0, 0);
    with_reports(|post, report| {
        let verdict = ruleset.scan(&mut scratch, post);
        assert_eq!(report, verdict.to_report(), "{post}");
        assert_eq!(report.is_flagged(), verdict.is_flagged());
        assert_eq!(report.score, shown_score(verdict.score(), verdict.is_flagged()));
        assert_eq!(report.category, verdict.category());
        assert_eq!(report.truncated, verdict.truncated());
        assert!(report.platforms.iter().eq(verdict.platforms()));
        assert_eq!(report.findings.len(), verdict.findings().len());
        for (own, finding) in report.findings.iter().zip(verdict.findings()) {
            flagged += 1;
            assert_eq!((own.range(), &*own.text), (finding.range(), finding.text()));
            assert_eq!(own.text, post[own.range()]);
            assert_eq!(own.category, finding.category());
            assert_eq!(own.score, shown_score(finding.score(), true));
            assert!(own.rules.iter().eq(finding.rules()));
            assert_eq!(own.evidence.len(), finding.evidence().len());
            for (own, seen) in own.evidence.iter().zip(finding.evidence()) {
                assert_eq!((own.range(), &*own.text), (seen.range(), seen.text()));
                assert_eq!(
                    (&*own.concept, own.disguises),
                    (seen.concept(), seen.disguises())
                );
                let folded = || huoyan::fold::fold(seen.text()).map(|f| f.char).collect();
                assert_eq!(own.means, seen.means().map_or_else(folded, str::to_owned));
            }
        }
        assert_eq!(report.contacts.len(), verdict.contacts().len());
        for (own, contact) in report.contacts.iter().zip(verdict.contacts()) {
            contacts += 1;
            assert_eq!((own.range(), &*own.text), (contact.range(), contact.text()));
            assert_eq!(own.platform, contact.platform());
            assert!(own.value.chars().eq(contact.value()));
        }
        for attribute in verdict.attributes() {
            let mut own = report.attributes.iter().filter(|a| a.name == attribute.name());
            let (found, None) = (own.next().expect("its name"), own.next()) else {
                panic!("{} is there twice", attribute.name())
            };
            if let Some(value) = attribute.value() {
                values += 1;
                assert_eq!(found.values.iter().filter(|own| *own == value).count(), 1);
            }
        }
    });
    assert!(flagged > 60 && contacts > 1 && values > 10, "{flagged} {contacts} {values}");
}

#[test]
fn a_report_outlives_text_and_scratch() {
    let ruleset = Ruleset::builtin();
    let report: Report = {
        let text = POSTS[2].to_owned();
        let mut scratch = Scratch::new(ruleset);
        ruleset.scan(&mut scratch, &text).into()
    };
    let other = std::thread::spawn(move || (report.clone(), report));
    let (one, other) = other.join().expect("the thread ends");
    assert_eq!(one, other);
    assert_eq!(one.findings[0].text, "大量Ｖ信号出售");
}

#[test]
fn bytes_that_are_not_utf8_are_replaced_in_texts_and_spans_are_as_scanned() {
    let ruleset = Ruleset::builtin();
    let mut scratch = Scratch::new(ruleset);
    let post =
        ["好".as_bytes(), b"\xff", "大量V信号".as_bytes(), b"\xff", "出售".as_bytes()];
    let post = post.concat();
    let verdict = ruleset.scan_bytes(&mut scratch, &post);
    let report = verdict.to_report();
    let finding = &report.findings[0];
    assert_eq!(verdict.findings().next().map(|f| f.text()), Some(""));
    assert_eq!(finding.text, String::from_utf8_lossy(&post[finding.range()]));
    assert_eq!(finding.text, "大量V信号\u{FFFD}出售");
}

#[test]
fn lists_of_verdicts_have_lengths_and_two_ends() {
    fn check<T, I>(list: impl Fn() -> I, show: impl Fn(T) -> String) -> usize
    where
        I: ExactSizeIterator<Item = T> + DoubleEndedIterator + std::iter::FusedIterator,
    {
        let forth: Vec<String> = list().map(&show).collect();
        let mut back: Vec<String> = list().rev().map(&show).collect();
        back.reverse();
        assert_eq!((list().len(), &forth), (forth.len(), &back));
        forth.len()
    }
    let ruleset = Ruleset::builtin();
    let mut scratch = Scratch::new(ruleset);
    let mut seen = [0; 8];
    for post in POSTS {
        let verdict = ruleset.scan(&mut scratch, post);
        seen[0] += check(|| verdict.findings(), |f| format!("{f:?}"));
        seen[1] += check(|| verdict.contacts(), |c| format!("{c:?}"));
        seen[2] += check(|| verdict.attributes(), |a| format!("{a:?}"));
        seen[3] += check(|| verdict.platforms(), str::to_owned);
        for finding in verdict.findings() {
            seen[4] += check(|| finding.rules(), str::to_owned);
            assert_eq!(finding.rules().len(), finding.rule_numbers().len());
            seen[5] += check(|| finding.evidence(), |e| format!("{e:?}"));
            seen[6] += check(|| finding.rule_numbers(), |number| number.to_string());
            for evidence in finding.evidence() {
                seen[7] += check(|| evidence.disguises().iter(), |d| d.to_string());
            }
        }
    }
    assert!(seen.iter().all(|count| *count > 1), "{seen:?}");
}

#[cfg(feature = "serde")]
mod form {
    use super::*;
    use huoyan::Category;
    use huoyan::fold::{Disguise, DisguiseSet};
    use serde_json::{Value, from_value, json, to_value};

    #[test]
    fn what_is_written_is_read_as_it_was() {
        with_reports(|post, report| {
            let text = serde_json::to_string(&report).expect("JSON");
            assert_eq!(
                serde_json::from_str::<Report>(&text).ok(),
                Some(report.clone()),
                "{post}"
            );
            // A format for machines, in which a field is found by its place alone.
            let bytes = postcard::to_stdvec(&report).expect("bytes");
            assert_eq!(postcard::from_bytes::<Report>(&bytes), Ok(report), "{post}");
        });
    }

    #[test]
    fn the_form_is_that_of_records() {
        let mut reports = Vec::new();
        with_reports(|_, report| {
            reports.push(serde_json::to_string(&report).expect("JSON"))
        });
        assert_eq!(
            reports[1],
            r#"{"score":0,"category":null,"platforms":[],"findings":[],"contacts":[],"attributes":{}}"#
        );
        let report: Value = serde_json::from_str(&reports[3]).expect("JSON");
        assert_eq!(report["category"], "account_trade");
        assert_eq!(
            report["attributes"],
            json!({"real_name": true, "account_age": ["15-30天"]})
        );
        assert_eq!(
            report["findings"][0]["evidence"][2],
            json!({
                "concept": "wechat", "start": 12, "end": 18, "text": "薇❤", "means": "微信",
                "disguises": ["component", "emoji"],
            })
        );
        let contact = &report["contacts"][0];
        assert_eq!(
            (&contact["platform"], &contact["value"]),
            (&json!("wechat"), &json!("abc12345"))
        );
        let cut = reports.last().expect("the longest");
        assert!(cut.ends_with(r#","truncated":true}"#));
    }

    #[test]
    fn names_are_those_of_packs() {
        for category in Category::ALL {
            let name = json!(category.name());
            assert_eq!(to_value(category).ok(), Some(name.clone()));
            assert_eq!(from_value::<Category>(name).ok(), Some(*category));
        }
        for kind in Disguise::ALL {
            let name = json!(kind.name());
            assert_eq!(to_value(kind).ok(), Some(name.clone()));
            assert_eq!(from_value::<Disguise>(name).ok(), Some(*kind));
        }
        let all: DisguiseSet = Disguise::ALL.iter().copied().collect();
        for set in [DisguiseSet::EMPTY, all, all.without(Disguise::Case)] {
            let names: Vec<&str> = set.iter().map(Disguise::name).collect();
            assert_eq!(to_value(set).ok(), Some(json!(names)));
            assert_eq!(from_value::<DisguiseSet>(json!(names)).ok(), Some(set));
        }
    }

    /// The record of an offer, with all that it may have.
    fn record() -> Value {
        let report = Ruleset::builtin()
            .scan(&mut Scratch::new(Ruleset::builtin()), POSTS[3])
            .to_report();
        to_value(report).expect("JSON")
    }

    #[test]
    fn records_of_the_command_line_and_of_later_releases_are_read() {
        let mut later = record();
        let report: Report = from_value(later.clone()).expect("a report");
        for (name, value) in
            [("id", json!("7")), ("file", json!("a.csv")), ("new", json!([1]))]
        {
            later[name] = value;
        }
        later["findings"][0]["evidence"][0]["new"] = json!(true);
        assert_eq!(from_value::<Report>(later).ok(), Some(report));
    }

    #[test]
    fn what_is_no_report_is_an_error_that_tells_why() {
        let fails = |change: &dyn Fn(&mut Value)| {
            let mut record = record();
            change(&mut record);
            // As text, in which an error has a place.
            let text = record.to_string();
            let error =
                serde_json::from_str::<Report>(&text).expect_err("no report").to_string();
            assert!(error.contains("line 1 column"), "{error}");
            error
        };
        let error = fails(&|record| record["category"] = json!("tea_trade"));
        assert!(error.contains("`tea_trade`"), "{error}");
        assert!(
            Category::ALL.iter().all(|known| error.contains(known.name())),
            "{error}"
        );
        let error = fails(&|record| {
            record["findings"][0]["evidence"][0]["disguises"] = json!(["hat"])
        });
        assert!(error.contains("`hat`"), "{error}");
        assert!(
            Disguise::ALL.iter().all(|known| error.contains(known.name())),
            "{error}"
        );
        for name in
            ["score", "category", "platforms", "findings", "contacts", "attributes"]
        {
            let error =
                fails(&|record| drop(record.as_object_mut().map(|map| map.remove(name))));
            assert!(error.contains(&format!("missing field `{name}`")), "{error}");
        }
        for wrong in [json!(false), json!([]), json!("x"), json!(null)] {
            let error = fails(&|record| record["attributes"]["age"] = wrong.clone());
            assert!(
                error.contains("true, or a list of values that is not empty"),
                "{error}"
            );
        }
        for wrong in [json!(-1), json!(97.5), json!(256)] {
            fails(&|record| record["score"] = wrong.clone());
        }
    }
}
