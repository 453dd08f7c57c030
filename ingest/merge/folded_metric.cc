#include "ingest/merge/folded_metric.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "engine/vector/segment_sources.h"
#include "ingest/merge/column_vectors.h"
#include "ingest/merge/gathered_column.h"
#include "ingest/merge/source_vectors.h"
#include "storage/base/error.h"
#include "storage/base/java_number.h"

namespace sarsen::ingest {
namespace {

using engine::AggregatorFactory;
using engine::kVectorRows;

template <class T>
T number_of(const engine::Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return static_cast<T>(*integer);
  const auto* single = std::get_if<float>(&value);
  const double number = single != nullptr ? static_cast<double>(*single) : std::get<double>(value);
  if constexpr (std::is_same_v<T, std::int64_t>)
    return java_long(number);
  else
    return static_cast<T>(number);
}

/// Folds groups of numbers, a vector at a time.
template <class T>
class NumberFold {
 public:
  NumberFold(const AggregatorFactory& aggregator, std::vector<T>& values, std::vector<std::uint64_t>& nulls)
      : factory_(aggregator),
        stride_((aggregator.state_size() + 7) / 8),
        values_(values),
        nulls_(nulls),
        segment_(aggregator.name(), column_),
        sources_(segment_),
        aggregator_(aggregator.bind(sources_)),
        states_(stride_ * kVectorRows) {}

  ~NumberFold() {
    for (std::size_t group = 0; group < rows_.size(); ++group) factory_.destroy(state(group));
  }
  NumberFold(const NumberFold&) = delete;
  NumberFold& operator=(const NumberFold&) = delete;

  /// One more value for the last row of the merged segment.
  void add(T value, bool null) {
    const std::size_t row = values_.size() - 1;
    if (rows_.empty() || rows_.back() != row) {
      if (column_.size() + 2 > kVectorRows) flush(false);
      begin_group(row);
      gather(values_[row], (nulls_[row / 64] >> row % 64 & 1) != 0);
    }
    if (column_.size() == kVectorRows) flush(true);
    gather(value, null);
  }

  void finish() { flush(false); }

 private:
  std::byte* state(std::size_t group) { return reinterpret_cast<std::byte*>(states_.data() + group * stride_); }

  void begin_group(std::size_t row) {
    rows_.push_back(row);
    factory_.init(state(rows_.size() - 1));
  }

  void gather(T value, bool null) {
    groups_[column_.size()] = static_cast<std::uint32_t>(rows_.size() - 1);
    column_.add(value, null);
  }

  /// Folds what was gathered and stores the results; that of the last group later if it is still open.
  void flush(bool last_is_open) {
    const engine::Selection all{.size = column_.size(), .count = column_.size()};
    if (all.size != 0) aggregator_->fold_groups(state(0), stride_ * 8, groups_, begin_, all);
    begin_ += kVectorRows;
    column_.clear();
    const std::size_t closed = rows_.size() - (last_is_open ? 1 : 0);
    for (std::size_t group = 0; group < closed; ++group) {
      store(rows_[group], factory_.stored(state(group)));
      factory_.destroy(state(group));
    }
    if (last_is_open && closed != 0) std::copy_n(state(closed), stride_ * 8, state(0));
    rows_.erase(rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(closed));
  }

  void store(std::size_t row, const engine::Value& value) {
    const std::uint64_t bit = std::uint64_t{1} << row % 64;
    const bool null = engine::is_null(value);
    values_[row] = null ? T{} : number_of<T>(value);
    nulls_[row / 64] = null ? nulls_[row / 64] | bit : nulls_[row / 64] & ~bit;
  }

  const AggregatorFactory& factory_;
  const std::size_t stride_;  // words
  std::vector<T>& values_;
  std::vector<std::uint64_t>& nulls_;
  GatheredNumbers<T> column_;
  GatheredSegment segment_;
  engine::SegmentSources sources_;
  std::unique_ptr<engine::Aggregator> aggregator_;
  std::vector<std::uint64_t> states_;
  std::vector<std::size_t> rows_;  // of the merged segment, by group
  std::uint32_t groups_[kVectorRows] = {};
  std::uint32_t begin_ = 0;  // wraps around: it must only differ from the one before
};

template <class T>
struct FoldedNumbers {
  std::vector<T> values;
  std::vector<std::uint64_t> nulls;
};

template <class T>
storage::OwnedColumnValues fold_numbers(const MergeInput& input, const MergedColumn& column,
                                        const AggregatorFactory& aggregator) {
  SourceVectors<NumberVectors<T>> vectors(input.sources);
  for (std::size_t i = 0; i < input.sources.size(); ++i)
    vectors.add(NumberVectors<T>(input.sources[i], column.columns[i]));
  const auto made = std::make_shared<FoldedNumbers<T>>();
  made->values.reserve(input.rows.rows_out());
  made->nulls.resize((input.rows.rows_out() + 63) / 64);
  NumberFold<T> fold(aggregator, made->values, made->nulls);
  input.rows.for_each_piece(input.sources, [&](const RowPiece& piece) {
    const auto& vector = vectors.of(piece);
    const std::uint32_t first = piece.position % kVectorRows;
    for (std::uint32_t row = first; row < first + piece.count; ++row) {
      const bool null = vector.nulls != nullptr && (vector.nulls[row / 64] >> row % 64 & 1) != 0;
      if (piece.folds) {
        fold.add(vector.values[row], null);
        continue;
      }
      const std::size_t to = made->values.size();
      made->values.push_back(vector.values[row]);
      made->nulls[to / 64] |= std::uint64_t{null} << to % 64;
    }
  });
  fold.finish();
  const bool any_null =
      std::any_of(made->nulls.begin(), made->nulls.end(), [](std::uint64_t word) { return word != 0; });
  if (!any_null) made->nulls = {};
  return {storage::NumericColumnData<T>{.values = made->values, .nulls = made->nulls}, made};
}

/// The complex values of a few rows, wherever they lie.
class GatheredComplex final : public storage::Column {
 public:
  GatheredComplex(const MergeInput& input, const MergedColumn& column)
      : sources_(input.sources), complex_type_(column.complex_type) {
    for (const storage::Column* source : column.columns)
      readers_.push_back(source == nullptr ? nullptr : source->complex_reader());
  }

  void set(std::span<const RowPlace> places) { places_ = places; }

  std::optional<std::span<const std::byte>> value(const RowPlace& place) const {
    const auto& reader = readers_[place.source];
    return reader == nullptr ? std::nullopt : reader->read(sources_[place.source].row(place.position));
  }

  storage::ValueType type() const noexcept override { return storage::ValueType::kComplex; }
  std::string_view complex_type() const noexcept override { return complex_type_; }
  std::uint32_t row_count() const noexcept override { return kVectorRows; }
  std::unique_ptr<storage::ComplexReader> complex_reader() const override { return std::make_unique<Reader>(*this); }

 private:
  class Reader final : public storage::ComplexReader {
   public:
    explicit Reader(const GatheredComplex& column) : column_(column) {}
    std::optional<std::span<const std::byte>> read(std::uint32_t row) override {
      return column_.value(column_.places_[row]);
    }

   private:
    const GatheredComplex& column_;
  };

  const Sources& sources_;
  const std::string complex_type_;
  std::vector<std::unique_ptr<storage::ComplexReader>> readers_;
  std::span<const RowPlace> places_;
};

/// Folds one row of the merged segment at a time, when the writer asks for it.
class ComplexFold {
 public:
  ComplexFold(const MergeInput& input, const MergedColumn& column, const AggregatorFactory& aggregator)
      : factory_(aggregator),
        walk_(input.rows, input.sources),
        column_(input, column),
        segment_(aggregator.name(), column_),
        sources_(segment_),
        aggregator_(aggregator.bind(sources_)),
        state_((aggregator.state_size() + 7) / 8) {}

  std::optional<std::span<const std::byte>> value(std::uint32_t row) {
    const std::vector<RowPlace>& places = walk_.places(row);
    if (places.size() == 1) return column_.value(places.front());
    folded_ = fold(places);
    const auto* complex = std::get_if<engine::ComplexBytes>(&folded_);
    if (complex == nullptr) return std::nullopt;
    return std::as_bytes(std::span(complex->bytes));
  }

 private:
  engine::Value fold(std::span<const RowPlace> places) {
    const StateOwner state(factory_, reinterpret_cast<std::byte*>(state_.data()));
    for (; !places.empty(); places = places.subspan(std::min<std::size_t>(places.size(), kVectorRows))) {
      const auto count = static_cast<std::uint32_t>(std::min<std::size_t>(places.size(), kVectorRows));
      column_.set(places.first(count));
      aggregator_->fold(state.bytes, 0, {.size = count, .count = count});
    }
    return factory_.stored(state.bytes);
  }

  struct StateOwner {
    StateOwner(const AggregatorFactory& aggregator, std::byte* state) : factory(aggregator), bytes(state) {
      factory.init(bytes);
    }
    ~StateOwner() { factory.destroy(bytes); }
    StateOwner(const StateOwner&) = delete;
    StateOwner& operator=(const StateOwner&) = delete;
    const AggregatorFactory& factory;
    std::byte* bytes;
  };

  const AggregatorFactory& factory_;
  RowWalk walk_;
  GatheredComplex column_;
  GatheredSegment segment_;
  engine::SegmentSources sources_;
  std::unique_ptr<engine::Aggregator> aggregator_;
  std::vector<std::uint64_t> state_;
  engine::Value folded_;
};

storage::OwnedColumnValues fold_complex(const MergeInput& input, const MergedColumn& column,
                                        const AggregatorFactory& aggregator) {
  const auto fold = std::make_shared<ComplexFold>(input, column, aggregator);
  return {storage::ComplexColumnData{.type = column.complex_type,
                                     .value = [fold = fold.get()](std::uint32_t row) { return fold->value(row); }},
          fold};
}

bool is_number(storage::ValueType type) {
  return type == storage::ValueType::kLong || type == storage::ValueType::kFloat || type == storage::ValueType::kDouble;
}

[[noreturn]] void refuse(const MergedColumn& column, const AggregatorFactory& aggregator) {
  throw Error(ErrorCategory::kInvalidInput, "The aggregator of a metric does not fit its stored values: \"" +
                                                column.name + "\": " + aggregator.to_json().dump());
}

}  // namespace

storage::OwnedColumnValues make_folded_metric(const MergeInput& input, const MergedColumn& column,
                                              const AggregatorFactory& aggregator) {
  const engine::ColumnKind results = aggregator.intermediate_kind();
  if (is_number(results.type) != (column.kind != MergedKind::kComplex)) refuse(column, aggregator);
  switch (column.kind) {
    case MergedKind::kLong:
      return fold_numbers<std::int64_t>(input, column, aggregator);
    case MergedKind::kFloat:
      return fold_numbers<float>(input, column, aggregator);
    case MergedKind::kDouble:
      return fold_numbers<double>(input, column, aggregator);
    case MergedKind::kComplex:
      return fold_complex(input, column, aggregator);
    default:
      refuse(column, aggregator);
  }
}

std::unique_ptr<AggregatorFactory> folding_aggregator(const AggregatorFactory& metric) {
  const Json combining = metric.combining()->to_json();
  if (JsonField(combining)["type"].string() != "floatSum") return metric.combining();
  // Druid adds floats in 64 bits when it merges.
  const Json sum = Json::Object{{"type", "doubleSum"}, {"name", metric.name()}, {"fieldName", metric.name()}};
  return engine::parse_aggregator(JsonField(sum))->combining();
}

}  // namespace sarsen::ingest
