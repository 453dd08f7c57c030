#pragma once
// The value at the earliest or the latest time: what the families of first and last aggregators share. An `Input` gives
// each row's time and value; a null is a value like any other, but a row whose time is null does not count.
//
// Which of several rows at the same time wins is Druid's: within one state and up to 512 rows, the last of them for
// first (of text: the first) and the first of them for last, between such blocks the earlier for first and the later
// for last; row by row into groups likewise the earlier for first and the later for last.

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
  /// The same within a block.
  template <bool kText>
  static bool wins_in_block(std::int64_t time, std::int64_t held) noexcept {
    if (kText && !kLast) return time < held;
    return kLast ? time > held : time <= held;
  }
};

/// `State` has: std::int64_t time, which begins at ByTime::kBegin. `Input` has: read(begin, size), times() (nullptr
/// where a row's own value has the time), std::optional<std::int64_t> time(row), set(State&, row); kText: values are
/// text.
template <bool kLast, class State, class Input>
class FirstLastAggregator final : public Aggregator {
 public:
  template <class... Arguments>
  explicit FirstLastAggregator(Arguments&&... arguments) : input_(std::forward<Arguments>(arguments)...) {}

  void fold(std::byte* address, std::uint32_t begin, const Selection& selection) override {
    input_.read(begin, selection.size);
    State& state = state_at<State>(address);
    Best best;
    for_each_selected(selection, [&](std::uint32_t, std::uint32_t row) {
      const std::optional<std::int64_t> time = input_.time(row);
      if (!time) return;
      if (best.found && row / kBlockRows != best.row / kBlockRows) settle(state, best);
      if (best.found && !ByTime<kLast>::template wins_in_block<Input::kText>(*time, best.time)) return;
      best = {.found = true, .row = row, .time = *time};
    });
    settle(state, best);
  }

  void fold_groups(std::byte* states, std::size_t stride, const std::uint32_t* groups, std::uint32_t begin,
                   const Selection& selection) override {
    input_.read(begin, selection.size);
    for_each_selected(selection, [&](std::uint32_t i, std::uint32_t row) {
      State& state = state_at<State>(states + groups[i] * stride);
      const std::optional<std::int64_t> time = input_.time(row);
      if (time) settle(state, {.found = true, .row = row, .time = *time});
    });
  }

 private:
  static constexpr std::uint32_t kBlockRows = 512;

  struct Best {
    bool found = false;
    std::uint32_t row = 0;
    std::int64_t time = 0;
  };

  void settle(State& state, Best best) {
    if (best.found && ByTime<kLast>::wins(best.time, state.time)) {
      state.time = best.time;
      input_.set(state, best.row);
    }
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
  static constexpr bool kText = false;
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
