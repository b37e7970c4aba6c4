#include "packs.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>

Packs::Packs(std::string file) : file_(std::move(file)), current_(load()) {}

huoyan::ruleset Packs::current() const {
    const std::lock_guard<std::mutex> guard(lock_);
    return current_;
}

void Packs::reload() {
    // Loading takes long; nobody waits for it.
    huoyan::ruleset fresh = load();
    const std::lock_guard<std::mutex> guard(lock_);
    std::swap(current_, fresh);
}

huoyan::ruleset Packs::load() const {
    if (file_.empty()) {
        return huoyan::ruleset::builtin();
    }
    std::ifstream input(file_, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(input), {}};
    if (!input) {
        throw std::runtime_error(file_ + ": cannot be read");
    }
    try {
        const std::string_view compiled = ".huoyan";
        const bool is_compiled =
            file_.size() > compiled.size() &&
            file_.compare(file_.size() - compiled.size(), compiled.size(), compiled) == 0;
        return is_compiled ? huoyan::ruleset::deserialize(bytes)
                           : huoyan::ruleset::compile(bytes);
    } catch (const huoyan::error &error) {
        throw std::runtime_error(file_ + ": " + error.what());
    }
}
