// The C++ header: owners, views, functions, exceptions; and the behaviour rows.
#include <huoyan.hpp>

extern "C" {
#include "../c/rows.h"
}

#include <algorithm>
#include <cstdio>
#include <map>
#include <sstream>
#include <string>
#include <thread>
#include <vector>
#if __cplusplus >= 202002L
#include <ranges>
using findings = huoyan::list<hy_finding, huoyan::finding>;
static_assert(std::ranges::random_access_range<findings>);
static_assert(std::ranges::borrowed_range<findings> && std::ranges::view<findings>);
static_assert(std::ranges::random_access_range<huoyan::name_list>);
static_assert(std::ranges::view<huoyan::name_list>);
#endif

static_assert(!std::is_copy_constructible_v<huoyan::scratch>);
static_assert(std::is_nothrow_move_constructible_v<huoyan::scratch>);
static_assert(std::is_nothrow_copy_constructible_v<huoyan::ruleset>);

namespace {

int failures = 0;
int checks = 0;

#define CHECK(condition)                                                            \
    do {                                                                            \
        checks++;                                                                   \
        if (!(condition)) {                                                         \
            failures++;                                                             \
            std::fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__,   \
                         #condition);                                               \
        }                                                                           \
    } while (false)

template <class Function> hy_status status_of(Function &&function) {
    try {
        function();
    } catch (const huoyan::error &error) {
        CHECK(std::string_view(error.what()).size() > 5);
        return error.status();
    }
    return HY_OK;
}

constexpr std::string_view OFFER = "大量Ｖ信号出售，老号带支付，加V：abc12345";

constexpr std::string_view SMALL = R"(
format = 1
[pack]
id = "small"
version = "2"
[[concept]]
id = "wechat"
platform = "wechat"
terms = ["微信"]
[[rule]]
id = "any"
category = "contact_solicitation"
all = ["wechat"]
within = 8
weight = 6.0
)";

void owners() {
    auto builtin = huoyan::ruleset::builtin();
    huoyan::ruleset copy = builtin, moved = std::move(builtin);
    builtin = copy;
    CHECK(copy.get() == moved.get() && builtin.get() == copy.get());
    CHECK(copy.id() == "wechat-trade" && copy.threshold() > 0);
    CHECK(huoyan::version() == HY_VERSION);

    const auto small = huoyan::ruleset::compile(SMALL);
    CHECK(small.id() == "small" && small.pack_version() == "2");
    CHECK(small.rule(0) == "any" && small.concept_name(0) == "wechat");
    CHECK(small.platform(0) == "wechat");
    CHECK(status_of([&] { (void)small.rule(1); }) == HY_ERR_ARGUMENT);

    const std::string bytes = small.serialize();
    const auto borrowed = huoyan::ruleset::deserialize_borrowed(bytes);
    const auto loaded = huoyan::ruleset::deserialize(bytes);
    CHECK(loaded.describe().checksum == borrowed.describe().checksum);
    huoyan::scratch scratch(small);
    CHECK(loaded.is_flagged(scratch, "微.信") && !loaded.is_flagged(scratch, "今天"));
    CHECK(!loaded.with_threshold(100).is_flagged(scratch, "今天"));

    // A scratch grows with the ruleset, as after a reload.
    const auto size = scratch.size();
    CHECK(copy.is_flagged(scratch, OFFER) && scratch.size() > size);
    huoyan::scratch other = std::move(scratch);
    CHECK(scratch.get() == nullptr && copy.is_flagged(other, OFFER));
    CHECK(status_of([&] { (void)copy.is_flagged(scratch, OFFER); }) == HY_ERR_NULL);
}

void views() {
    const auto ruleset = huoyan::ruleset::builtin();
    huoyan::scratch scratch(ruleset);
    const huoyan::verdict verdict = ruleset.scan(scratch, OFFER);
    CHECK(verdict.is_flagged() && !verdict.is_truncated() && verdict.score() > 50);
    CHECK(verdict.category() == HY_CATEGORY_ACCOUNT_TRADE);
    CHECK(verdict.category_name() == "account_trade");
    CHECK(verdict.findings().size() >= 1 && !verdict.findings().empty());
    const auto finding = verdict.findings().front();
    CHECK(finding.text() == OFFER.substr(finding.start(), finding.end() - finding.start()));
    CHECK(finding.rules().size() > 0 && !finding.rules()[0].empty());
    const auto evidence = finding.evidence();
    const auto seen = std::find_if(evidence.begin(), evidence.end(), [](const auto &one) {
        return one.concept_name() == "wechat";
    });
    CHECK(seen != evidence.end() && (*seen).text().data() > OFFER.data());
    CHECK(ruleset.concept_name((*seen).concept_number()) == "wechat");
    std::vector<std::string> worn;
    (*seen).each_disguise([&](std::string_view kind) { worn.emplace_back(kind); });
    CHECK(std::count(worn.begin(), worn.end(), "width") == 1);
    CHECK(verdict.contacts().size() == 1);
    CHECK(verdict.contacts()[0].platform() == "wechat");
    CHECK(verdict.contacts()[0].value() == "abc12345");
    CHECK(std::string_view(verdict.platforms()[0]) == "wechat");
    CHECK(evidence.end() - evidence.begin() == std::ptrdiff_t(evidence.size()));
    CHECK(!ruleset.scan(scratch, "").is_flagged());
    CHECK(!ruleset.scan(scratch, std::string_view()).is_flagged());
    CHECK(huoyan::fold("ＶＸ註冊⑩") == "vx注册10");
    CHECK(huoyan::fold("\xFF") == "\uFFFD"); // Longer than the text.
    CHECK(huoyan::fold("").empty());
    CHECK(ruleset.mask(scratch, OFFER).find("出售") == std::string::npos);
    CHECK(ruleset.mask(scratch, "今天").compare("今天") == 0);
}

// Lists go with the algorithms of the standard, backwards too.
void lists() {
    const auto ruleset = huoyan::ruleset::builtin();
    huoyan::scratch scratch(ruleset);
    const auto verdict = ruleset.scan(scratch, OFFER);
    const auto evidence = verdict.findings().front().evidence();
    CHECK(evidence.size() > 1);
    const auto last = std::prev(evidence.end());
    CHECK(last->start() == evidence.back().start() && last->start() == (*last).start());
    CHECK(std::distance(evidence.begin(), last) == last - evidence.begin());
    auto at = evidence.begin();
    std::advance(at, 1);
    std::advance(at, -1);
    CHECK(at == evidence.begin());
    const auto backwards = std::make_reverse_iterator(evidence.end());
    CHECK(backwards->start() == last->start());
    using list = std::decay_t<decltype(evidence)>;
    const list::value_type first = evidence.front();
    CHECK(first.start() <= last->start() && list().empty());
    CHECK(std::is_sorted(evidence.begin(), evidence.end(), [](auto one, auto other) {
        return one.start() < other.start();
    }));
}

// Names are string_views.
void names() {
    const auto ruleset = huoyan::ruleset::builtin();
    huoyan::scratch scratch(ruleset);
    const auto verdict = ruleset.scan(scratch, OFFER);
    const huoyan::name_list platforms = verdict.platforms();
    std::ostringstream out;
    std::map<std::string_view, int> count;
    for (const auto name : platforms) {
        out << name;
        count[name]++;
    }
    CHECK(out.str() == "wechat" && count["wechat"] == 1);
    CHECK(platforms.front() == "wechat" && platforms.back() == "wechat");
    CHECK(platforms.begin()->size() == 6);
    CHECK(std::find(platforms.begin(), platforms.end(), "wechat") == platforms.begin());
    const std::string owned(platforms[0]);
    CHECK(owned == "wechat");
    const auto rules = verdict.findings().front().rules();
    std::vector<std::string_view> sorted(rules.begin(), rules.end());
    std::sort(sorted.begin(), sorted.end());
    CHECK(sorted.size() == rules.size());
#ifdef __cpp_lib_ranges
    // A temporary list: its iterators outlive it.
    const auto found = std::ranges::find(verdict.platforms(), std::string_view("wechat"));
    CHECK(found == platforms.begin());
    CHECK(std::ranges::distance(verdict.platforms() | std::views::drop(1)) == 0);
#endif
}

// The names that hits of explain() give live as long as the ruleset, and patterns are told.
void kept_hits() {
    const auto ruleset = huoyan::ruleset::builtin();
    int patterns = 0, terms = 0;
    ruleset.explain("微信号出售，15-30天", [&](const huoyan::evidence hit) {
        CHECK(hit.is_pattern() == hit.means().empty());
        (hit.is_pattern() ? patterns : terms)++;
    });
    CHECK(patterns > 0 && terms > 0);
    std::vector<std::pair<std::uint32_t, std::string_view>> kept;
    ruleset.explain(OFFER, [&](const huoyan::evidence hit) {
        kept.emplace_back(hit.concept_number(), hit.concept_name());
    });
    CHECK(!kept.empty());
    for (const auto &[number, name] : kept) {
        const auto own = ruleset.concept_name(number);
        CHECK(name == own && name.data() == own.data());
    }
}

void functions() {
    const auto ruleset = huoyan::ruleset::compile(SMALL);
    huoyan::scratch scratch(ruleset);
    std::string two;
    for (int i = 0; i < 2; i++) {
        two += "微.信";
        for (int j = 0; j < 40; j++) {
            two += "山高月小水落石出之夜";
        }
    }
    int seen = 0;
    CHECK(ruleset.scan(scratch, two, [&](huoyan::finding) { seen++; }) && seen == 2);
    CHECK(!ruleset.scan(scratch, two, [&](huoyan::finding) { return ++seen, false; }));
    CHECK(seen == 3 && scratch.result().findings().size() == 2);

    // What a function throws comes out, and the scratch is free again.
    struct oops {
        int code;
    };
    int caught = 0;
    try {
        ruleset.scan(scratch, two, [](huoyan::finding) { throw oops{5}; });
    } catch (const oops &thrown) {
        caught = thrown.code;
    }
    CHECK(caught == 5 && ruleset.is_flagged(scratch, "微.信"));
    try {
        ruleset.explain("微.信", [](huoyan::evidence) { throw oops{6}; });
    } catch (const oops &thrown) {
        caught = thrown.code;
    }
    CHECK(caught == 6);

    // The scratch is in use while its function runs.
    hy_status inner = HY_OK;
    ruleset.scan(scratch, "微.信", [&](huoyan::finding) {
        inner = status_of([&] { (void)ruleset.is_flagged(scratch, "微.信"); });
    });
    CHECK(inner == HY_ERR_IN_USE);
}

void errors() {
    try {
        (void)huoyan::ruleset::compile("format = 1\n[pack]\nid = 'x'\nversion = '1'\nred = 3\n");
        CHECK(false);
    } catch (const huoyan::error &error) {
        CHECK(error.status() == HY_ERR_COMPILE && error.line() == 5);
        CHECK(error.column() == 1 && error.offset() == 41 && error.length() == 3);
        CHECK(std::string_view(error.what()).find("line 5, column 1: ") == 0);
    }
    CHECK(status_of([] { (void)huoyan::ruleset::deserialize("no"); }) == HY_ERR_FORMAT);
    CHECK(status_of([] { (void)huoyan::ruleset::compile("\xFF"); }) == HY_ERR_UTF8);
    const auto builtin = huoyan::ruleset::builtin();
    CHECK(status_of([&] { (void)builtin.with_threshold(-1); }) == HY_ERR_ARGUMENT);
    CHECK(status_of([&] {
              builtin.explain("\xFF", [](huoyan::evidence) {});
          }) == HY_ERR_UTF8);
}

void streams() {
    const auto ruleset = huoyan::ruleset::builtin();
    CHECK(status_of([&] { huoyan::stream(ruleset, 1000); }) == HY_ERR_ARGUMENT);
    huoyan::scratch scratch(ruleset);
    huoyan::stream stream(ruleset);
    std::vector<std::uint64_t> starts;
    const auto take = [&](const huoyan::verdict &part) {
        for (const auto finding : part.findings()) {
            starts.push_back(finding.start());
        }
    };
    for (const char byte : OFFER) {
        CHECK(stream.feed({&byte, 1}, take));
    }
    CHECK(starts.empty() && stream.finish(take));
    const auto whole = ruleset.scan(scratch, OFFER);
    CHECK(starts.size() == whole.findings().size());
    CHECK(!starts.empty() && starts[0] == whole.findings()[0].start());
    CHECK(stream.total().category() == whole.category());
    CHECK(std::string_view(stream.total().platforms()[0]) == "wechat");

    stream.feed(OFFER);
    int caught = 0;
    try {
        stream.finish([](const huoyan::verdict &) { throw 7; });
    } catch (int thrown) {
        caught = thrown;
    }
    CHECK(caught == 7);
    stream.feed("今天");
    stream.finish();
    CHECK(!stream.total().is_flagged());
}

// Every row's category and hits, by the wrapper.
void rows() {
    std::map<const char *, huoyan::ruleset> rulesets;
    for (std::size_t i = 0; i < ROW_COUNT; i++) {
        const row &row = ROWS[i];
        auto found = rulesets.find(row.pack);
        if (found == rulesets.end()) {
            auto made = row.pack == nullptr
                            ? huoyan::ruleset::builtin()
                            : huoyan::ruleset::compile({row.pack, row.pack_length});
            found = rulesets.emplace(row.pack, std::move(made)).first;
        }
        const auto &ruleset = found->second;
        huoyan::scratch scratch(ruleset);
        const std::string_view text(row.text, row.text_length);
        const auto verdict = ruleset.scan(scratch, text);
        CHECK(verdict.category_name() == (row.category == nullptr ? "" : row.category));
        if (row.finding != nullptr) {
            CHECK(!verdict.findings().empty());
            CHECK(verdict.findings().front().text() == row.finding);
        }
        if (row.hit_count != std::size_t(-1)) {
            std::size_t place = 0;
            ruleset.explain(text, [&](huoyan::evidence hit) {
                CHECK(place < row.hit_count);
                if (place < row.hit_count) {
                    CHECK(hit.concept_name() == row.hits[place].concept_name);
                }
                place++;
            });
            CHECK(place == row.hit_count);
        }
    }
}

// A copy of the ruleset in each thread.
void threads() {
    const auto ruleset = huoyan::ruleset::builtin();
    std::vector<std::thread> workers;
    std::vector<int> flagged(8);
    for (int &mine : flagged) {
        workers.emplace_back([own = ruleset, &mine] {
            huoyan::scratch scratch(own);
            for (int i = 0; i < 200; i++) {
                const auto again = own;
                mine += again.is_flagged(scratch, OFFER) ? 1 : 0;
            }
        });
    }
    for (auto &worker : workers) {
        worker.join();
    }
    CHECK(std::all_of(flagged.begin(), flagged.end(), [](int n) { return n == 200; }));
}

} // namespace

int main() {
    owners();
    views();
    lists();
    names();
    kept_hits();
    functions();
    streams();
    errors();
    rows();
    threads();
    std::printf("%d checks, %d failed\n", checks, failures);
    return failures != 0;
}
