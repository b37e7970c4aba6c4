// From posts in JSON to records in JSON, of the form of `huoyan scan --output
// json`.
#pragma once

#include "metrics.hpp"
#include "packs.hpp"

#include <nlohmann/json.hpp>

#include <string>

class Filter {
public:
    Filter(const Packs &packs, Metrics &metrics) : packs_(packs), metrics_(metrics) {}

    // Scans one post, `{"id": ..., "text": ...}`, or an array of them, and
    // gives a record for each. Throws std::invalid_argument, or an exception of
    // nlohmann::json, if the body is nothing of that kind.
    std::string scan(const std::string &body);

private:
    nlohmann::ordered_json record(const huoyan::ruleset &ruleset,
                                  const nlohmann::json &post);

    const Packs &packs_;
    Metrics &metrics_;
};
