#include "metrics.hpp"

#include <sstream>

void Metrics::answered(int status) {
    const std::lock_guard<std::mutex> guard(lock_);
    answers_[status]++;
}

void Metrics::scanned(std::chrono::steady_clock::duration took, std::size_t bytes,
                      hy_category category) {
    const auto nanoseconds =
        std::chrono::duration_cast<std::chrono::nanoseconds>(took).count();
    const auto spent = static_cast<std::uint64_t>(nanoseconds);
    posts_++;
    bytes_ += bytes;
    nanoseconds_ += spent;
    for (std::size_t i = 0; i < BOUNDS.size(); i++) {
        if (spent <= BOUNDS[i] * 1000) {
            buckets_[i]++;
            break;
        }
    }
    if (category < flagged_.size()) {
        flagged_[category]++;
    }
}

void Metrics::reloaded(bool done) { (done ? reloads_ : reloads_failed_)++; }

std::string Metrics::text(const huoyan::ruleset &current) const {
    std::ostringstream out;
    const auto head = [&](const char *name, const char *kind, const char *help) {
        out << "# HELP " << name << ' ' << help << "\n# TYPE " << name << ' ' << kind << '\n';
    };
    head("huoyan_requests_total", "counter", "Requests answered, by HTTP status.");
    {
        const std::lock_guard<std::mutex> guard(lock_);
        for (const auto &[status, count] : answers_) {
            out << "huoyan_requests_total{code=\"" << status << "\"} " << count << '\n';
        }
    }
    head("huoyan_flagged_total", "counter", "Posts flagged, by category.");
    for (std::uint32_t i = 0; i < flagged_.size(); i++) {
        out << "huoyan_flagged_total{category=\"" << huoyan::category_name(i) << "\"} "
            << flagged_[i] << '\n';
    }
    head("huoyan_scanned_bytes_total", "counter", "Bytes of text scanned.");
    out << "huoyan_scanned_bytes_total " << bytes_ << '\n';
    head("huoyan_scan_seconds", "histogram", "Time that the scan of a post took.");
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < BOUNDS.size(); i++) {
        below += buckets_[i];
        out << "huoyan_scan_seconds_bucket{le=\"" << static_cast<double>(BOUNDS[i]) / 1e6
            << "\"} " << below << '\n';
    }
    out << "huoyan_scan_seconds_bucket{le=\"+Inf\"} " << posts_ << '\n'
        << "huoyan_scan_seconds_sum " << static_cast<double>(nanoseconds_) / 1e9 << '\n'
        << "huoyan_scan_seconds_count " << posts_ << '\n';
    head("huoyan_reloads_total", "counter", "Reloads of the pack, by result.");
    out << "huoyan_reloads_total{result=\"done\"} " << reloads_ << '\n'
        << "huoyan_reloads_total{result=\"failed\"} " << reloads_failed_ << '\n';
    head("huoyan_ruleset_info", "gauge", "The ruleset in use.");
    const auto info = current.describe();
    out << "huoyan_ruleset_info{id=\"" << current.id() << "\",version=\""
        << current.pack_version() << "\",checksum=\"" << std::hex << info.checksum << "\"} 1\n";
    return out.str();
}
