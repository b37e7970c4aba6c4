//! Packs that add to the built-in one.

#![cfg(all(feature = "builtin", feature = "compile"))]

use huoyan::{Category, PackError, Ruleset, Scratch, check_examples};

/// A pack that extends the built-in one, and what else is in it.
fn source(more: &str) -> String {
    format!(
        "format = 1\n[pack]\nid = \"mine\"\nversion = \"3\"\nextends = \"wechat-trade\"\n{more}"
    )
}

fn compile(more: &str) -> Ruleset<'static> {
    Ruleset::compile(&source(more)).unwrap_or_else(|error| panic!("{error}"))
}

fn error(more: &str) -> PackError {
    match Ruleset::compile_named("mine.toml", &source(more)) {
        Ok(_) => panic!("compiled: {more}"),
        Err(error) => error,
    }
}

/// The categories that a text is flagged for.
fn flagged(ruleset: &Ruleset<'_>, text: &str) -> Vec<Category> {
    let mut scratch = Scratch::new(ruleset);
    let verdict = ruleset.scan(&mut scratch, text);
    verdict.findings().map(|finding| finding.category()).collect()
}

/// The score of a text, and the rules that fired.
fn told(ruleset: &Ruleset<'_>, text: &str) -> (u32, Vec<String>) {
    let mut scratch = Scratch::new(ruleset);
    let verdict = ruleset.scan(&mut scratch, text);
    let findings: Vec<_> = verdict.findings().collect();
    let rules = findings.iter().flat_map(|finding| finding.rules());
    (verdict.score().to_bits(), rules.map(str::to_owned).collect())
}

#[test]
fn a_pack_that_adds_nothing_tells_the_same() {
    let (own, builtin) = (compile(""), Ruleset::builtin());
    assert_eq!((own.id(), own.version()), ("mine", "3"));
    assert_eq!(own.threshold().to_bits(), builtin.threshold().to_bits());
    let posts = [include_str!("posts/first.jsonl"), include_str!("posts/unseen.jsonl")];
    let mut flagged = 0;
    for line in posts.iter().flat_map(|file| file.lines()) {
        let row: serde_json::Value = serde_json::from_str(line).expect("a row");
        let text = row["text"].as_str().expect("a text");
        let told = (told(&own, text), told(builtin, text));
        assert_eq!(told.0, told.1, "{text}");
        flagged += usize::from(!told.0.1.is_empty());
    }
    assert!(flagged > 100, "{flagged}");
}

#[test]
fn terms_join_those_of_a_concept() {
    let text = "低价出售小青蛙老号，支持换绑";
    assert_eq!(flagged(Ruleset::builtin(), "出售小青蛙号"), []);
    let own = compile("[[concept]]\nid = \"wechat\"\nterms = [\"小青蛙\"]\n");
    assert_eq!(flagged(&own, text), [Category::AccountTrade]);
    // With the disguises that any term has, and told as WeChat.
    let mut scratch = Scratch::new(&own);
    let verdict = own.scan(&mut scratch, "低价出售小圊 蛙老号，支持换绑");
    let platforms: Vec<&str> = verdict.platforms().collect();
    assert_eq!(platforms, ["wechat"]);
    // What was there stays.
    assert_eq!(flagged(&own, "低价出售微信老号"), [Category::AccountTrade]);
}

#[test]
fn exceptions_join_those_of_a_concept() {
    let text = "大量微信号出售";
    let own = compile(
        "[[concept]]\nid = \"platform_account\"\nexcept = [\"大量微信号出售\"]\n\
         [[concept]]\nid = \"wechat\"\nexcept = [\"大量微信号出售\"]\n\
         [[concept]]\nid = \"account\"\nexcept = [\"大量微信号出售\"]\n",
    );
    assert_eq!(flagged(Ruleset::builtin(), text), [Category::AccountTrade]);
    assert_eq!(flagged(&own, text), []);
    assert_eq!(flagged(&own, "大批微信号出售"), [Category::AccountTrade]);
}

#[test]
fn rules_and_concepts_of_ones_own_stand_beside() {
    let more = "[[concept]]\nid = \"bank\"\npart_of = \"platform\"\nterms = [\"银行卡\"]\n\
         [[concept]]\nid = \"four\"\nterms = [\"四件套\"]\n\
         [[rule]]\nid = \"bank-cards\"\ncategory = \"account_trade\"\nall = [\"four\", \"deal\"]\n\
         within = 12\nweight = 6.0\n[[rule.example]]\nmatch = \"收购四件套\"\n\
         [[rule.example]]\npass = \"床上四件套\"\n";
    let own = compile(more);
    assert_eq!(flagged(Ruleset::builtin(), "收购四件套"), []);
    assert_eq!(flagged(&own, "收购四件套"), [Category::AccountTrade]);
    // Kinds of a concept of the built-in pack are in its rules.
    let (_, rules) = told(&own, "银行卡老号购买，自动发货");
    assert!(
        rules.iter().any(|rule| rule == "account-weak-deal-on-platform"),
        "{rules:?}"
    );
    // Examples are those of the pack itself.
    let (_, examples) =
        check_examples("mine.toml", &source(more)).expect("sound examples");
    assert_eq!(examples, 2);
}

/// The last rule that names a concept may go; the concept is not this pack's mistake.
#[test]
fn a_rule_that_is_replaced_may_leave_a_concept_without_rules() {
    let own = compile(
        "[[rule]]\nid = \"number-deal\"\ncategory = \"account_trade\"\n\
         all = [\"platform\", \"deal\"]\nwithin = 16\nweight = 2.0\n",
    );
    assert_eq!(flagged(&own, "大量微信号出售"), [Category::AccountTrade]);
    let idle = error("[[concept]]\nid = \"bank\"\nterms = [\"银行卡\"]\n");
    assert!(idle.to_string().contains("nothing comes of concept `bank`"), "{idle}");
}

/// What is wrong with the examples of a pack.
fn failed(more: &str) -> Vec<(usize, String)> {
    let error = check_examples("mine.toml", &source(more)).map(|_| ()).unwrap_err();
    let told = error.diagnostics().iter();
    told.map(|told| (told.line, told.message.to_string())).collect()
}

#[test]
fn a_pack_of_words_has_examples_of_its_own() {
    let words = "[[concept]]\nid = \"wechat\"\nterms = [\"小青蛙\"]\n";
    let examples = "[[example]]\nmatch = \"低价出售小青蛙老号\"\n\
        [[example]]\ncategory = \"account_trade\"\nmatch = \"低价出售小青蛙老号\"\n\
        [[example]]\npass = \"小青蛙跳进池塘\"\n\
        [[example]]\ncategory = \"assisted_unblocking\"\npass = \"低价出售小青蛙老号\"\n";
    let more = [words, examples].concat();
    let (_, count) = check_examples("mine.toml", &source(&more)).expect("sound examples");
    assert_eq!(count, 4);
    let wrong = "[[example]]\npass = \"低价出售小青蛙老号\"\n\
        [[example]]\nmatch = \"小青蛙跳进池塘\"\n\
        [[example]]\ncategory = \"assisted_unblocking\"\nmatch = \"低价出售小青蛙老号\"\n";
    let told = [
        (10, "an example must pass and is flagged"),
        (12, "an example must be flagged and is not"),
        (15, "an example must be flagged as assisted_unblocking and is not"),
    ];
    assert_eq!(
        failed(&[words, wrong].concat()),
        told.map(|(line, message)| (line, message.to_owned()))
    );
    let unknown = "[[example]]\ncategory = \"trade\"\npass = \"小青蛙\"\n[[example]]\n";
    let messages: Vec<String> =
        failed(&[words, unknown].concat()).into_iter().map(|(_, told)| told).collect();
    let both = "an example has both `match` and `pass`, or neither";
    assert_eq!(messages, ["unknown category `trade`", both]);
}

#[test]
fn a_copy_of_a_pack_does_not_extend_it() {
    let copy = include_str!("../packs/wechat-trade.toml");
    let copy = copy.replacen("[pack]", "[pack]\nextends = \"wechat-trade\"", 1);
    let error = match Ruleset::compile_named("copy.toml", &copy) {
        Ok(_) => panic!("compiled"),
        Err(error) => error,
    };
    assert_eq!(error.diagnostics().len(), 1, "{error}");
    assert!(error.to_string().contains("pack `wechat-trade` extends itself"), "{error}");
}

#[test]
fn a_rule_takes_the_place_of_one_with_its_name() {
    let text = "长期批发各类微信号，量大优惠";
    let (_, rules) = told(Ruleset::builtin(), text);
    assert_eq!(rules[1], "platform-account-deal");
    let own = compile(
        "[[rule]]\nid = \"platform-account-deal\"\ncategory = \"account_trade\"\n\
         all = [\"platform_account\", \"deal\"]\nwithin = 20\nweight = 9.0\n",
    );
    let (_, same) = told(&own, text);
    // The heaviest is told first.
    assert_eq!(same[0], "platform-account-deal");
    assert_eq!(same.len(), rules.len());
}

#[test]
fn numbers_of_the_pack_are_its_own_where_it_has_them() {
    let source = "format = 1\n[pack]\nid = \"mine\"\nversion = \"1\"\nthreshold = 75\n\
                  extends = \"wechat-trade\"\n[risk]\nemoji = -3.0\n";
    let own = Ruleset::compile(source).expect("a sound pack");
    assert_eq!(own.threshold().to_bits(), 75f32.to_bits());
    let score = |ruleset: &Ruleset<'_>, text: &str| f32::from_bits(told(ruleset, text).0);
    let disguised = "出售V❤号";
    assert!(score(&own, disguised) < score(Ruleset::builtin(), disguised));
    // A risk that it does not name is that of the built-in pack.
    let other = "出售徽信号";
    assert_eq!(told(&own, other), told(Ruleset::builtin(), other));
}

#[test]
fn what_cannot_be_added_is_told_where_it_stands() {
    let unknown = source("").replace("wechat-trade", "wechat-trad");
    let errors = [
        Ruleset::compile_named("mine.toml", &unknown).map(|_| ()).unwrap_err(),
        error(
            "[[concept]]\nid = \"wechat\"\nplatform = \"wx\"\npart_of = \"qq\"\n\
             terms = [\"小青蛙\"]\n",
        ),
        error("[[concept]]\nid = \"price\"\nterms = [\"五毛\"]\n"),
        error("[risk]\nemoji = 2.0\n"),
        error(
            "[[rule]]\nid = \"r\"\ncategory = \"account_trade\"\nall = [\"wechet\"]\n\
             within = 8\nweight = 1.0\n",
        ),
        error(
            "[[concept]]\nid = \"mine\"\nterms = [\"甲\"]\n[[concept]]\nid = \"mine\"\n\
             terms = [\"乙\"]\n",
        ),
    ];
    let rule = "[[rule]]\nid = \"platform-account-deal\"\ncategory = \"account_trade\"\n\
                all = [\"deal\"]\nwithin = 8\nweight = 1.0\n";
    let concept = "[[concept]]\nid = \"wechat\"\nterms = [\"小青蛙\"]\n";
    let twice = [rule, concept].map(|table| error(&table.repeat(2)));
    let told: Vec<String> =
        errors.iter().chain(&twice).map(ToString::to_string).collect();
    insta::assert_snapshot!(told.join("\n\n"));
}

/// A name that was mistyped would make words that never count.
#[test]
fn a_new_concept_of_which_nothing_comes_is_an_error() {
    let told = error("[[concept]]\nid = \"Wechat\"\nterms = [\"小青蛙\"]").to_string();
    assert!(told.contains("nothing comes of concept `Wechat`"), "{told}");
    assert!(told.contains("did you mean `wechat`?"), "{told}");
    assert!(told.contains("mine.toml:7:6"), "{told}");
    // What is told besides, and what is part of another, may be in no rule.
    for more in
        ["platform = \"frog\"", "attribute = \"colour\"", "part_of = \"platform\""]
    {
        compile(&format!("[[concept]]\nid = \"frog\"\n{more}\nterms = [\"小青蛙\"]"));
    }
}

/// What is wrong with an addition hides no other mistake.
#[test]
fn all_mistakes_of_a_pack_that_extends_are_told() {
    let told = error(
        "[[concept]]\nid = \"age\"\nterms = [\"老\"]\n\
         [[rule]]\nid = \"r\"\ncategory = \"account_trade\"\nall = [\"nothing_such\"]\n\
         within = 900\nweight = 1.0",
    );
    let told = told.to_string();
    for mistake in ["concept `age` is a pattern", "`nothing_such`", "900"] {
        assert!(told.contains(mistake), "{mistake}: {told}");
    }
}
