// Huoyan for C++17 and later: owners, views and exceptions over huoyan.h.
//
//     huoyan::ruleset   what to look for; copying it is copying a reference
//     huoyan::scratch   the memory of one scan at a time: one for each thread
//     huoyan::stream    a text that comes in chunks
//     huoyan::verdict   what a text comes to; a view into the scratch
//
// Text is std::string_view in UTF-8; invalid UTF-8 is fine. Views (verdict,
// finding, evidence, contact, attribute, and the string_views that they give)
// own nothing: they are valid until the scratch is used again or destroyed, and
// as long as the text and the ruleset are there.
//
// Failures throw huoyan::error. Functions of the caller may throw: the
// exception waits until the C function has returned, and goes on from there.
// So it needs exceptions: with -fno-exceptions use huoyan.h.
#ifndef HUOYAN_HPP
#define HUOYAN_HPP

#if !defined(__cpp_exceptions) && !defined(__EXCEPTIONS) && !defined(_CPPUNWIND)
#error "huoyan.hpp needs exceptions; without them use huoyan.h, which returns a status"
#endif

#include <huoyan.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#if __has_include(<version>)
#include <version>
#endif
#ifdef __cpp_lib_ranges
#include <ranges>
#endif

namespace huoyan {

// A failure: a hy_status below zero, and the place in the pack if it has one.
class error : public std::runtime_error {
public:
    error(hy_status status, const std::string &what, const hy_error *place = nullptr)
        : std::runtime_error(what), status_(status) {
        if (place != nullptr) {
            line_ = place->line;
            column_ = place->column;
            offset_ = place->offset;
            length_ = place->length;
        }
    }

    hy_status status() const noexcept { return status_; }
    // From 1; 0 if it has no place.
    std::uint32_t line() const noexcept { return line_; }
    // In code points, from 1; 0 if it has no place.
    std::uint32_t column() const noexcept { return column_; }
    // In bytes; UINT64_MAX if it has no place.
    std::uint64_t offset() const noexcept { return offset_; }
    std::uint64_t length() const noexcept { return length_; }

private:
    hy_status status_;
    std::uint32_t line_ = 0, column_ = 0;
    std::uint64_t offset_ = UINT64_MAX, length_ = 0;
};

namespace detail {

inline std::string_view view(hy_str text) noexcept { return {text.data, text.len}; }

// An item of C as its view; of a string that is std::string_view.
template <class View, class Item> View as(const Item &item) {
    if constexpr (std::is_same_v<Item, hy_str>) {
        return View(view(item));
    } else {
        return View(item);
    }
}

inline void check(hy_status status) {
    if (status < 0) {
        throw error(status, hy_status_text(status));
    }
}

inline void check(hy_status status, const hy_error &report) {
    if (status >= 0) {
        return;
    }
    std::string what = report.message[0] != '\0' ? report.message : hy_status_text(status);
    if (report.line > 0) {
        what = "line " + std::to_string(report.line) + ", column " +
               std::to_string(report.column) + ": " + what;
    }
    throw error(status, what, &report);
}

// Hands items of C to a function of the caller, which returns nothing, or
// whether it wants more. Nothing that it throws passes through C.
template <class View, class Function> class trampoline {
public:
    explicit trampoline(Function &function) : function_(function) {}

    template <class Item>
    static std::int32_t call(const Item *item, void *user_data) noexcept {
        auto &self = *static_cast<trampoline *>(user_data);
        try {
            using result = std::invoke_result_t<Function &, View>;
            if constexpr (std::is_void_v<result>) {
                self.function_(View(*item));
                return 0;
            } else {
                return self.function_(View(*item)) ? 0 : 1;
            }
        } catch (...) {
            self.thrown_ = std::current_exception();
            return 1;
        }
    }

    // Whether all items were wanted.
    bool end(hy_status status) {
        if (thrown_) {
            std::rethrow_exception(std::exchange(thrown_, nullptr));
        }
        check(status);
        return status == HY_OK;
    }

private:
    Function &function_;
    std::exception_ptr thrown_;
};

} // namespace detail

// Version of the library at run time.
[[nodiscard]] inline std::string_view version() noexcept { return hy_version(); }

// The name of one of HY_CATEGORY_*; empty if there is none.
[[nodiscard]] inline std::string_view category_name(hy_category category) noexcept {
    hy_str name;
    return hy_category_name(category, &name) == HY_OK ? detail::view(name)
                                                      : std::string_view();
}

// An array of C as a range of views: random access, by value. Its iterators outlive it,
// as long as what its views show is there.
template <class Item, class View> class list {
public:
    class iterator {
    public:
        // What `->` gives: a view has no place of its own that could be pointed to.
        class pointer {
        public:
            explicit pointer(const View &view) : view_(view) {}
            const View *operator->() const noexcept { return &view_; }

        private:
            View view_;
        };

        using iterator_concept = std::random_access_iterator_tag;
        // By value, which asks for an input iterator before C++20; but std::advance goes
        // backwards, and std::distance in one step, by the category alone.
        using iterator_category = std::random_access_iterator_tag;
        using value_type = View;
        using difference_type = std::ptrdiff_t;
        using reference = View;

        iterator() noexcept = default;
        explicit iterator(const Item *at) noexcept : at_(at) {}
        View operator*() const { return detail::as<View>(*at_); }
        pointer operator->() const { return pointer(**this); }
        View operator[](difference_type n) const { return detail::as<View>(at_[n]); }
        iterator &operator++() noexcept { return ++at_, *this; }
        iterator &operator--() noexcept { return --at_, *this; }
        iterator operator++(int) noexcept { return iterator(at_++); }
        iterator operator--(int) noexcept { return iterator(at_--); }
        iterator &operator+=(difference_type n) noexcept { return at_ += n, *this; }
        iterator &operator-=(difference_type n) noexcept { return at_ -= n, *this; }
        friend iterator operator+(iterator i, difference_type n) noexcept { return i += n; }
        friend iterator operator+(difference_type n, iterator i) noexcept { return i += n; }
        friend iterator operator-(iterator i, difference_type n) noexcept { return i -= n; }
        friend difference_type operator-(iterator a, iterator b) noexcept {
            return a.at_ - b.at_;
        }
        friend bool operator==(iterator a, iterator b) noexcept { return a.at_ == b.at_; }
        friend bool operator!=(iterator a, iterator b) noexcept { return a.at_ != b.at_; }
        friend bool operator<(iterator a, iterator b) noexcept { return a.at_ < b.at_; }
        friend bool operator>(iterator a, iterator b) noexcept { return a.at_ > b.at_; }
        friend bool operator<=(iterator a, iterator b) noexcept { return a.at_ <= b.at_; }
        friend bool operator>=(iterator a, iterator b) noexcept { return a.at_ >= b.at_; }

    private:
        const Item *at_ = nullptr;
    };

    using const_iterator = iterator;
    using value_type = View;
    using reference = View;
    using const_reference = View;
    using difference_type = std::ptrdiff_t;
    using size_type = std::size_t;

    list() noexcept = default;
    list(const Item *data, std::size_t size) noexcept : data_(data), size_(size) {}
    iterator begin() const noexcept { return iterator(data_); }
    iterator end() const noexcept { return iterator(data_ + size_); }
    std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    View operator[](std::size_t n) const { return detail::as<View>(data_[n]); }
    // There is one; the same for back().
    View front() const { return detail::as<View>(data_[0]); }
    View back() const { return detail::as<View>(data_[size_ - 1]); }

private:
    const Item *data_ = nullptr;
    std::size_t size_ = 0;
};

// Names of rules or platforms.
using name_list = list<hy_str, std::string_view>;

// What finding, evidence, contact and attribute have in common.
template <class Raw> class spanned {
public:
    explicit spanned(const Raw &raw) noexcept : raw_(&raw) {}
    // In bytes from the start of the text; the end is exclusive.
    std::uint64_t start() const noexcept { return raw_->start; }
    std::uint64_t end() const noexcept { return raw_->end; }
    // The span as it stands in the text.
    std::string_view text() const noexcept { return detail::view(raw_->text); }
    const Raw &raw() const noexcept { return *raw_; }

protected:
    const Raw *raw_;
};

// A concept seen at a span of the text.
class evidence : public spanned<hy_evidence> {
public:
    using spanned::spanned;
    std::string_view concept_name() const noexcept {
        return detail::view(raw_->concept_name);
    }
    std::uint32_t concept_number() const noexcept { return raw_->concept_number; }
    // The plain spelling of the term, or what the pack says that it means; empty for a
    // pattern. What explain() gives is valid during the call of the function only.
    std::string_view means() const noexcept { return detail::view(raw_->means); }
    bool is_pattern() const noexcept { return (raw_->flags & HY_EVIDENCE_PATTERN) != 0; }
    // A set of HY_DISGUISE_*.
    hy_disguises disguises() const noexcept { return raw_->disguises; }
    // Calls a function with the name of each disguise.
    template <class Function> void each_disguise(Function &&function) const {
        for (std::uint32_t bit = 0; bit < 64; bit++) {
            hy_str found;
            if ((raw_->disguises >> bit & 1) != 0 && hy_disguise_name(bit, &found) == HY_OK) {
                function(detail::view(found));
            }
        }
    }
};

// A place in the text where rules of one category fired.
class finding : public spanned<hy_finding> {
public:
    using spanned::spanned;
    // One of HY_CATEGORY_*.
    hy_category category() const noexcept { return raw_->category; }
    std::string_view category_name() const noexcept {
        return huoyan::category_name(raw_->category);
    }
    // 0 to 100.
    float score() const noexcept { return raw_->score; }
    float log_odds() const noexcept { return raw_->log_odds; }
    list<hy_evidence, huoyan::evidence> evidence() const noexcept {
        return {raw_->evidence, raw_->evidence_count};
    }
    // Those that speak for the category from the strongest on, then the others.
    name_list rules() const noexcept { return {raw_->rules, raw_->rule_count}; }
};

// An account identifier that the post gives.
class contact : public spanned<hy_contact> {
public:
    using spanned::spanned;
    // A platform of the pack, "phone", "url" or "unknown".
    std::string_view platform() const noexcept { return detail::view(raw_->platform); }
    // The identifier undisguised.
    std::string_view value() const noexcept { return detail::view(raw_->value); }
};

// An attribute of what is offered.
class attribute : public spanned<hy_attribute> {
public:
    using spanned::spanned;
    std::string_view attribute_name() const noexcept { return detail::view(raw_->name); }
    // Whether the text of the span is its value.
    bool has_value() const noexcept { return (raw_->flags & HY_ATTRIBUTE_HAS_VALUE) != 0; }
};

// What a text comes to.
class verdict {
public:
    explicit verdict(const hy_result &raw) noexcept : raw_(raw) {}
    [[nodiscard]] bool is_flagged() const noexcept { return (raw_.flags & HY_RESULT_FLAGGED) != 0; }
    // Whether a limit cut the result.
    bool is_truncated() const noexcept { return (raw_.flags & HY_RESULT_TRUNCATED) != 0; }
    // Of the finding with the highest score; HY_CATEGORY_NONE if not flagged.
    hy_category category() const noexcept { return raw_.category; }
    std::string_view category_name() const noexcept {
        return huoyan::category_name(raw_.category);
    }
    // The highest of any place, 0 to 100, flagged or not.
    float score() const noexcept { return raw_.score; }
    list<hy_finding, finding> findings() const noexcept {
        return {raw_.findings, raw_.finding_count};
    }
    list<hy_contact, contact> contacts() const noexcept {
        return {raw_.contacts, raw_.contact_count};
    }
    list<hy_attribute, attribute> attributes() const noexcept {
        return {raw_.attributes, raw_.attribute_count};
    }
    name_list platforms() const noexcept {
        return {raw_.platforms, raw_.platform_count};
    }
    const hy_result &raw() const noexcept { return raw_; }

private:
    hy_result raw_;
};

class scratch;

// A compiled pack: immutable, shared between threads; copies share it.
class ruleset {
public:
    // The one that is built into the library.
    [[nodiscard]] static ruleset builtin() {
        const hy_ruleset *made = nullptr;
        detail::check(hy_ruleset_builtin(&made));
        return ruleset(made);
    }

    // Compiles a pack from TOML.
    [[nodiscard]] static ruleset compile(std::string_view source) {
        const hy_ruleset *made = nullptr;
        hy_error report = HY_ERROR_INIT;
        detail::check(hy_ruleset_compile(source.data(), source.size(), &made, &report),
                      report);
        return ruleset(made);
    }

    // Loads serialized bytes, and copies them.
    [[nodiscard]] static ruleset deserialize(std::string_view bytes) {
        const hy_ruleset *made = nullptr;
        hy_error report = HY_ERROR_INIT;
        detail::check(hy_ruleset_deserialize(bytes.data(), bytes.size(), &made, &report),
                      report);
        return ruleset(made);
    }

    // Loads serialized bytes without copying: they must outlive every copy of
    // the ruleset, and every ruleset that with_threshold() made of it.
    [[nodiscard]] static ruleset deserialize_borrowed(std::string_view bytes) {
        const hy_ruleset *made = nullptr;
        hy_error report = HY_ERROR_INIT;
        detail::check(
            hy_ruleset_deserialize_borrowed(bytes.data(), bytes.size(), &made, &report),
            report);
        return ruleset(made);
    }

    // Takes over a reference of C.
    explicit ruleset(const hy_ruleset *owned) noexcept : raw_(owned) {}

    ruleset(const ruleset &other) noexcept : raw_(hy_ruleset_retain(other.raw_.get())) {}
    ruleset(ruleset &&) noexcept = default;
    ruleset &operator=(ruleset other) noexcept {
        raw_.swap(other.raw_);
        return *this;
    }
    ~ruleset() = default;

    // The same with another threshold, 0 to 100. It still borrows the bytes of
    // deserialize_borrowed().
    [[nodiscard]] ruleset with_threshold(float threshold) const {
        const hy_ruleset *made = nullptr;
        detail::check(hy_ruleset_with_threshold(get(), threshold, &made));
        return ruleset(made);
    }

    [[nodiscard]] std::string serialize() const {
        std::string bytes(static_cast<std::size_t>(describe().serialized_size), '\0');
        std::size_t length = 0;
        detail::check(hy_ruleset_serialize(get(), bytes.data(), bytes.size(), &length));
        return bytes;
    }

    [[nodiscard]] hy_ruleset_info describe() const {
        hy_ruleset_info info = HY_RULESET_INFO_INIT;
        detail::check(hy_ruleset_describe(get(), &info));
        return info;
    }

    [[nodiscard]] std::string_view id() const { return detail::view(describe().id); }
    [[nodiscard]] std::string_view pack_version() const { return detail::view(describe().version); }
    [[nodiscard]] float threshold() const { return describe().threshold; }

    // Names by number; throws if there is none.
    [[nodiscard]] std::string_view rule(std::uint32_t number) const {
        return named(hy_ruleset_rule, number);
    }
    [[nodiscard]] std::string_view concept_name(std::uint32_t number) const {
        return named(hy_ruleset_concept, number);
    }
    [[nodiscard]] std::string_view platform(std::uint32_t number) const {
        return named(hy_ruleset_platform, number);
    }

    // Scans a text. Allocates nothing if the scratch fits; else enlarges it.
    [[nodiscard]] verdict scan(scratch &scratch, std::string_view text) const;

    // Scans a text and calls a function with each finding. It returns nothing,
    // or whether it wants more. Gives whether it saw all.
    template <class Function>
    bool scan(scratch &scratch, std::string_view text, Function &&function) const;

    // Whether any category reaches the threshold in the text.
    [[nodiscard]] bool is_flagged(scratch &scratch, std::string_view text) const;

    // The text with its findings and contacts masked by `*`.
    [[nodiscard]] std::string mask(scratch &scratch, std::string_view text) const;

    // Calls a function with every hit, used by a rule or not; for people. The hit is
    // valid during the call, but its concept_name() as long as the ruleset.
    template <class Function> bool explain(std::string_view text, Function &&function) const {
        detail::trampoline<evidence, Function> own(function);
        return own.end(hy_explain(get(), text.data(), text.size(), &own.template call<hy_evidence>,
                                  &own));
    }

    const hy_ruleset *get() const noexcept { return raw_.get(); }

private:
    struct release {
        void operator()(const hy_ruleset *raw) const noexcept { hy_ruleset_free(raw); }
    };

    template <class Function> std::string_view named(Function &&of, std::uint32_t number) const {
        hy_str found;
        detail::check(of(get(), number, &found));
        return detail::view(found);
    }

    std::unique_ptr<const hy_ruleset, release> raw_;
};

// The memory of one scan at a time.
class scratch {
public:
    explicit scratch(const ruleset &ruleset) {
        hy_scratch *made = nullptr;
        detail::check(hy_scratch_new(ruleset.get(), &made));
        raw_.reset(made);
    }

    // Enlarges it for a ruleset, if it is too small.
    void fit(const ruleset &ruleset) { detail::check(hy_scratch_fit(get(), ruleset.get())); }

    [[nodiscard]] std::size_t size() const {
        std::size_t bytes = 0;
        detail::check(hy_scratch_size(get(), &bytes));
        return bytes;
    }

    // What the last scan found.
    [[nodiscard]] verdict result() const {
        hy_result result = HY_RESULT_INIT;
        detail::check(hy_scratch_result(get(), &result));
        return verdict(result);
    }

    hy_scratch *get() const noexcept { return raw_.get(); }

private:
    struct release {
        void operator()(hy_scratch *raw) const noexcept { hy_scratch_free(raw); }
    };

    std::unique_ptr<hy_scratch, release> raw_;
};

namespace detail {

// Calls a function of C, once more if the scratch had to be enlarged.
template <class Call> hy_status fitted(const ruleset &ruleset, scratch &scratch, Call &&call) {
    const hy_status status = call();
    if (status != HY_ERR_SCRATCH) {
        return status;
    }
    scratch.fit(ruleset);
    return call();
}

} // namespace detail

inline verdict ruleset::scan(huoyan::scratch &scratch, std::string_view text) const {
    detail::check(detail::fitted(*this, scratch, [&] {
        return hy_scan_into(get(), scratch.get(), text.data(), text.size(), nullptr, 0,
                            nullptr);
    }));
    return scratch.result();
}

template <class Function>
bool ruleset::scan(huoyan::scratch &scratch, std::string_view text,
                   Function &&function) const {
    detail::trampoline<finding, Function> own(function);
    return own.end(detail::fitted(*this, scratch, [&] {
        return hy_scan(get(), scratch.get(), text.data(), text.size(),
                       &own.template call<hy_finding>, &own);
    }));
}

inline bool ruleset::is_flagged(huoyan::scratch &scratch, std::string_view text) const {
    std::int32_t flagged = 0;
    detail::check(detail::fitted(*this, scratch, [&] {
        return hy_is_flagged(get(), scratch.get(), text.data(), text.size(), &flagged);
    }));
    return flagged != 0;
}

inline std::string ruleset::mask(huoyan::scratch &scratch, std::string_view text) const {
    // A masked text is never longer than the text.
    std::string masked(text.size(), '\0');
    std::size_t length = 0;
    detail::check(detail::fitted(*this, scratch, [&] {
        return hy_mask(get(), scratch.get(), text.data(), text.size(), masked.data(),
                       masked.size(), &length);
    }));
    masked.resize(length);
    return masked;
}

// A text that comes in chunks.
class stream {
public:
    // HY_STREAM_WINDOW_MIN to HY_STREAM_WINDOW_MAX bytes, or 0 for 64 KiB.
    explicit stream(const ruleset &ruleset, std::size_t window_bytes = 0) {
        hy_stream *made = nullptr;
        detail::check(hy_stream_new(ruleset.get(), window_bytes, &made));
        raw_.reset(made);
    }

    // Goes on with the text. Calls a function with the verdict of each part
    // that is settled; offsets are those of the whole. It returns nothing, or
    // whether it wants more. Gives whether it still does.
    template <class Function> bool feed(std::string_view chunk, Function &&function) {
        detail::trampoline<verdict, Function> own(function);
        return own.end(hy_stream_feed(get(), chunk.data(), chunk.size(),
                                      &own.template call<hy_result>, &own));
    }

    // Goes on with the text; only the total is of interest.
    void feed(std::string_view chunk) {
        detail::check(hy_stream_feed(get(), chunk.data(), chunk.size(), nullptr, nullptr));
    }

    // Ends the text. The next chunk begins another one.
    template <class Function> bool finish(Function &&function) {
        detail::trampoline<verdict, Function> own(function);
        return own.end(hy_stream_finish(get(), &own.template call<hy_result>, &own));
    }

    void finish() { detail::check(hy_stream_finish(get(), nullptr, nullptr)); }

    // What the text comes to so far: category, score, platforms.
    [[nodiscard]] verdict total() const {
        hy_result result = HY_RESULT_INIT;
        detail::check(hy_stream_total(get(), &result));
        return verdict(result);
    }

    hy_stream *get() const noexcept { return raw_.get(); }

private:
    struct release {
        void operator()(hy_stream *raw) const noexcept { hy_stream_free(raw); }
    };

    std::unique_ptr<hy_stream, release> raw_;
};

// The text as rules see it.
[[nodiscard]] inline std::string fold(std::string_view text) {
    std::size_t length = 0;
    std::string folded(text.size(), '\0');
    hy_status status = hy_fold(text.data(), text.size(), folded.data(), nullptr,
                               folded.size(), &length);
    folded.resize(length);
    if (status == HY_ERR_BUFFER_TOO_SMALL) {
        status = hy_fold(text.data(), text.size(), folded.data(), nullptr, folded.size(),
                         &length);
    }
    detail::check(status);
    return folded;
}

} // namespace huoyan

#ifdef __cpp_lib_ranges
template <class Item, class View>
inline constexpr bool std::ranges::enable_borrowed_range<huoyan::list<Item, View>> = true;
template <class Item, class View>
inline constexpr bool std::ranges::enable_view<huoyan::list<Item, View>> = true;
#endif

#endif // HUOYAN_HPP
