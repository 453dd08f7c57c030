#pragma once
// The value at the earliest or the latest time: what the families of first and last aggregators share. An `Input` gives
// each row's time and value; a null is a value like any other, but a row whose time is null does not count.
//
// Of several rows at the same time, the one that is met first wins for first, the last one for last.

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include "engine/aggregator/aggregator_of.h"
#include "engine/vector/row_mask.h"
#include "storage/base/interval.h"

namespace sarsen::engine {

template <bool kLast>
struct ByTime {
  static constexpr std::int64_t kBegin =
      kLast ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();

  /// Whether a later row at `time` wins over what was found at `held`.
  static bool wins(std::int64_t time, std::int64_t held) noexcept { return kLast ? time >= held : time < held; }
};

/// `State` has: std::int64_t time, which begins at ByTime::kBegin. `Input` has: read(begin, size), times() (nullptr
/// where a row's own value has the time), std::optional<std::int64_t> time(row), set(State&, row).
template <bool kLast, class State, class Input>
class FirstLastAggregator final : public Aggregator {
 public:
  template <class... Arguments>
  explicit FirstLastAggregator(Arguments&&... arguments) : input_(std::forward<Arguments>(arguments)...) {}

  void fold(std::byte* address, std::uint32_t begin, const Selection& selection) override {
    input_.read(begin, selection.size);
    State& state = state_at<State>(address);
    for_each_selected(selection, [&](std::uint32_t, std::uint32_t row) { settle(state, row); });
  }

  void fold_groups(std::byte* states, std::size_t stride, const std::uint32_t* groups, std::uint32_t begin,
                   const Selection& selection) override {
    input_.read(begin, selection.size);
    for_each_selected(selection, [&](std::uint32_t i, std::uint32_t row) {
      State& state = state_at<State>(states + groups[i] * stride);
      settle(state, row);
    });
  }

 private:
  void settle(State& state, std::uint32_t row) {
    const std::optional<std::int64_t> time = input_.time(row);
    if (!time || !ByTime<kLast>::wins(*time, state.time)) return;
    state.time = *time;
    input_.set(state, row);
  }

  Input input_;
};

/// Times from a column of their own.
class TimeColumn {
 public:
  explicit TimeColumn(NumericSource<std::int64_t>& source) : source_(source) {}
  void read(std::uint32_t begin, std::uint32_t size) { vector_ = source_.read(begin, size); }
  std::optional<std::int64_t> at(std::uint32_t row) const noexcept {
    return vector_.nulls != nullptr && mask_has(vector_.nulls, row) ? std::nullopt : std::optional(vector_.values[row]);
  }

 private:
  NumericSource<std::int64_t>& source_;
  NumericVector<std::int64_t> vector_{nullptr, nullptr};
};

/// Reads nothing: no row ever wins.
class NoTimes {
 public:
  void read(std::uint32_t, std::uint32_t) {}
  std::optional<std::int64_t> time(std::uint32_t) const noexcept { return std::nullopt; }
  template <class State>
  void set(State&, std::uint32_t) {}
};

/// {"lhs": time, "rhs": value}, as Druid shows what is not finalised.
inline Value time_and_value(std::int64_t time, const Value& value) {
  return Nested{Json::Object{{"lhs", time}, {"rhs", json_of(value)}}};
}

/// What all of them are asked for.
struct FirstLastFields {
  std::string field_name;
  std::string time_column;

  static FirstLastFields parse(const JsonField& json) {
    return {json["fieldName"].string(), json["timeColumn"].string_or("__time")};
  }
};

}  // namespace sarsen::engine
