#include "filter.hpp"

#include <chrono>
#include <cmath>
#include <optional>
#include <stdexcept>

using nlohmann::json;
using nlohmann::ordered_json;

namespace {

// Each thread of the server has one, for as long as it lives.
huoyan::scratch &own_scratch(const huoyan::ruleset &ruleset) {
    thread_local std::optional<huoyan::scratch> scratch;
    if (!scratch) {
        scratch.emplace(ruleset);
    }
    return *scratch;
}

// As `huoyan` shows them: what is not flagged is rounded down, so that it does not look like
// the threshold that it does not reach.
int whole(float score, bool is_flagged) {
    return static_cast<int>(is_flagged ? std::lround(score) : std::floor(score));
}

ordered_json evidence_record(const huoyan::evidence &seen) {
    ordered_json disguises = ordered_json::array();
    seen.each_disguise([&](std::string_view kind) { disguises.push_back(kind); });
    const std::string means =
        seen.is_pattern() ? huoyan::fold(seen.text()) : std::string(seen.means());
    return {{"concept", seen.concept_name()}, {"start", seen.start()}, {"end", seen.end()},
            {"text", seen.text()},            {"means", means},        {"disguises", disguises}};
}

ordered_json finding_record(const huoyan::finding &finding) {
    ordered_json rules = ordered_json::array(), evidence = ordered_json::array();
    for (const std::string_view rule : finding.rules()) {
        rules.push_back(rule);
    }
    for (const auto seen : finding.evidence()) {
        evidence.push_back(evidence_record(seen));
    }
    return {{"category", finding.category_name()},
            {"score", whole(finding.score(), true)},
            {"start", finding.start()},
            {"end", finding.end()},
            {"text", finding.text()},
            {"rules", rules},
            {"evidence", evidence}};
}

// Each attribute's name with its values, or `true` if it has none.
ordered_json attributes_record(const huoyan::verdict &verdict) {
    ordered_json named = ordered_json::object();
    for (const auto attribute : verdict.attributes()) {
        ordered_json &own = named[std::string(attribute.attribute_name())];
        if (!attribute.has_value()) {
            if (own.is_null()) {
                own = true;
            }
            continue;
        }
        if (!own.is_array()) {
            own = ordered_json::array();
        }
        const ordered_json value = attribute.text();
        if (std::find(own.begin(), own.end(), value) == own.end()) {
            own.push_back(value);
        }
    }
    return named;
}

ordered_json id_of(const json &post) {
    const auto id = post.find("id");
    if (id == post.end() || id->is_null()) {
        return nullptr;
    }
    if (id->is_string()) {
        return *id;
    }
    if (id->is_number()) {
        return id->dump();
    }
    throw std::invalid_argument("\"id\" is neither a string nor a number");
}

} // namespace

ordered_json Filter::record(const huoyan::ruleset &ruleset, const json &post) {
    if (!post.is_object()) {
        throw std::invalid_argument("a post is an object with \"text\"");
    }
    const auto text = post.find("text");
    if (text == post.end() || !text->is_string()) {
        throw std::invalid_argument("a post needs \"text\", a string");
    }
    const auto &post_text = text->get_ref<const std::string &>();

    const auto started = std::chrono::steady_clock::now();
    const auto verdict = ruleset.scan(own_scratch(ruleset), post_text);
    metrics_.scanned(std::chrono::steady_clock::now() - started, post_text.size(),
                     verdict.category());

    ordered_json platforms = ordered_json::array(), findings = ordered_json::array(),
                 contacts = ordered_json::array();
    for (const std::string_view platform : verdict.platforms()) {
        platforms.push_back(platform);
    }
    for (const auto finding : verdict.findings()) {
        findings.push_back(finding_record(finding));
    }
    for (const auto contact : verdict.contacts()) {
        contacts.push_back({{"platform", contact.platform()},
                            {"value", contact.value()},
                            {"start", contact.start()},
                            {"end", contact.end()},
                            {"text", contact.text()}});
    }
    ordered_json record = {{"id", id_of(post)},
                           {"score", whole(verdict.score(), verdict.is_flagged())}};
    record["category"] = verdict.is_flagged() ? ordered_json(verdict.category_name())
                                              : ordered_json(nullptr);
    record["platforms"] = platforms;
    record["findings"] = findings;
    record["contacts"] = contacts;
    record["attributes"] = attributes_record(verdict);
    if (verdict.is_truncated()) {
        record["truncated"] = true;
    }
    return record;
}

std::string Filter::scan(const std::string &body) {
    const json posts = json::parse(body);
    // One ruleset for the whole request, whatever is reloaded meanwhile.
    const huoyan::ruleset ruleset = packs_.current();
    if (!posts.is_array()) {
        return record(ruleset, posts).dump() + "\n";
    }
    ordered_json records = ordered_json::array();
    for (const json &post : posts) {
        records.push_back(record(ruleset, post));
    }
    return records.dump() + "\n";
}
