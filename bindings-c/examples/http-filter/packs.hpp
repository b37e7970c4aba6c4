// The pack that the service scans with, and how it is replaced at run time.
#pragma once

#include <huoyan.hpp>

#include <mutex>
#include <string>

// Which ruleset is current. Requests take a reference and keep it until they
// are done, so a reload disturbs none of them: the old ruleset goes with the
// last request that uses it.
class Packs {
public:
    // A pack in TOML, or compiled (`*.huoyan`). Empty: the built-in one.
    explicit Packs(std::string file);

    huoyan::ruleset current() const;

    // Loads the file again. On failure, which a pack without rules is, the
    // current ruleset stays, and the reason is thrown.
    void reload();

private:
    huoyan::ruleset load() const;

    std::string file_;
    mutable std::mutex lock_;
    huoyan::ruleset current_;
};
