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

namespace {

std::string read(const std::string &file) {
    std::ifstream input(file, std::ios::binary);
    try {
        std::string bytes{std::istreambuf_iterator<char>(input), {}};
        if (input) {
            return bytes;
        }
    } catch (const std::ios_base::failure &) {
        // A folder can be opened, and throws when it is read.
    }
    throw std::runtime_error(file + ": cannot be read");
}

} // namespace

huoyan::ruleset Packs::load() const {
    if (file_.empty()) {
        return huoyan::ruleset::builtin();
    }
    const std::string bytes = read(file_);
    try {
        const std::string_view compiled = ".huoyan";
        const bool is_compiled =
            file_.size() > compiled.size() &&
            file_.compare(file_.size() - compiled.size(), compiled.size(), compiled) == 0;
        huoyan::ruleset loaded = is_compiled ? huoyan::ruleset::deserialize(bytes)
                                             : huoyan::ruleset::compile(bytes);
        if (loaded.describe().rule_count == 0) {
            // A file that was saved half, rather than a wish to flag nothing.
            throw std::runtime_error(file_ + ": the pack has no rules");
        }
        return loaded;
    } catch (const huoyan::error &error) {
        throw std::runtime_error(file_ + ": " + error.what());
    }
}
