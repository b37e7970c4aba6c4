// Counters of the service, in the text form of Prometheus.
#pragma once

#include <huoyan.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

class Metrics {
public:
    // A request was answered.
    void answered(int status);
    // A post was scanned.
    void scanned(std::chrono::steady_clock::duration took, std::size_t bytes,
                 hy_category category);
    // The pack was loaded again, or could not be.
    void reloaded(bool done);

    std::string text(const huoyan::ruleset &current) const;

private:
    using Counter = std::atomic<std::uint64_t>;
    // Upper bounds of the histogram, in microseconds.
    static constexpr std::array<std::uint64_t, 10> BOUNDS = {1,   2,   5,    10,   20,
                                                             50,  100, 1000, 10000, 100000};

    mutable std::mutex lock_;
    std::map<int, std::uint64_t> answers_;
    Counter posts_{0}, bytes_{0}, nanoseconds_{0}, reloads_{0}, reloads_failed_{0};
    std::array<Counter, HY_CATEGORY_COUNT> flagged_{};
    std::array<Counter, BOUNDS.size()> buckets_{};
};
