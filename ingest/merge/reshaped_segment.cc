#include "ingest/merge/reshaped_segment.h"

#include <algorithm>
#include <map>
#include <type_traits>
#include <utility>

#include "ingest/merge/logical_column.h"
#include "storage/base/error.h"
#include "storage/base/java_number.h"

namespace sarsen::ingest {
namespace {

using engine::AggregatorFactory;
using storage::Column;
using storage::NumericReader;
using storage::Segment;
using storage::ValueType;

template <class T>
constexpr ValueType type_of() {
  if constexpr (std::is_same_v<T, std::int64_t>) return ValueType::kLong;
  return std::is_same_v<T, float> ? ValueType::kFloat : ValueType::kDouble;
}

/// A column of numbers of type T, however it comes by them.
template <class T>
class NumberColumn : public Column {
 public:
  explicit NumberColumn(std::uint32_t row_count) : row_count_(row_count) {}

  ValueType type() const noexcept override { return type_of<T>(); }
  std::uint32_t row_count() const noexcept override { return row_count_; }
  std::unique_ptr<NumericReader<std::int64_t>> long_reader() const override { return reader<std::int64_t>(); }
  std::unique_ptr<NumericReader<float>> float_reader() const override { return reader<float>(); }
  std::unique_ptr<NumericReader<double>> double_reader() const override { return reader<double>(); }

 private:
  virtual std::unique_ptr<NumericReader<T>> make_reader() const = 0;

  template <class Wanted>
  std::unique_ptr<NumericReader<Wanted>> reader() const {
    if constexpr (std::is_same_v<Wanted, T>)
      return make_reader();
    else
      return nullptr;
  }

  const std::uint32_t row_count_;
};

/// One row is one row.
class OnesColumn final : public NumberColumn<std::int64_t> {
 public:
  using NumberColumn::NumberColumn;
  bool may_have_nulls() const noexcept override { return false; }

 private:
  class Reader final : public NumericReader<std::int64_t> {
   public:
    const std::int64_t* read(std::uint32_t, std::uint32_t count, std::int64_t* scratch) override {
      std::fill_n(scratch, count, 1);
      return scratch;
    }
    bool read_nulls(std::uint32_t, std::uint32_t, std::uint64_t*) override { return false; }
  };

  std::unique_ptr<NumericReader<std::int64_t>> make_reader() const override { return std::make_unique<Reader>(); }
};

template <class T>
std::unique_ptr<NumericReader<T>> reader_of(const Column& column) {
  if constexpr (std::is_same_v<T, std::int64_t>) return column.long_reader();
  if constexpr (std::is_same_v<T, float>) return column.float_reader();
  if constexpr (std::is_same_v<T, double>) return column.double_reader();
}

template <class To, class From>
To converted(From value) noexcept {
  if constexpr (std::is_same_v<To, std::int64_t>)
    return java_long(static_cast<double>(value));
  else
    return static_cast<To>(value);
}

template <class To, class From>
class ConvertedColumn final : public NumberColumn<To> {
 public:
  explicit ConvertedColumn(const Column& column) : NumberColumn<To>(column.row_count()), column_(column) {}
  bool may_have_nulls() const noexcept override { return column_.may_have_nulls(); }

 private:
  class Reader final : public NumericReader<To> {
   public:
    explicit Reader(const Column& column) : reader_(reader_of<From>(column)) {}
    const To* read(std::uint32_t begin, std::uint32_t count, To* scratch) override {
      own_.resize(count);
      const From* values = reader_->read(begin, count, own_.data());
      for (std::uint32_t i = 0; i < count; ++i) scratch[i] = converted<To>(values[i]);
      return scratch;
    }
    bool read_nulls(std::uint32_t begin, std::uint32_t count, std::uint64_t* words) override {
      return reader_->read_nulls(begin, count, words);
    }

   private:
    std::unique_ptr<NumericReader<From>> reader_;
    std::vector<From> own_;
  };

  std::unique_ptr<NumericReader<To>> make_reader() const override { return std::make_unique<Reader>(column_); }

  const Column& column_;
};

template <class To>
std::unique_ptr<Column> convert_to(const Column& column) {
  switch (column.type()) {
    case ValueType::kLong:
      return std::make_unique<ConvertedColumn<To, std::int64_t>>(column);
    case ValueType::kFloat:
      return std::make_unique<ConvertedColumn<To, float>>(column);
    case ValueType::kDouble:
      return std::make_unique<ConvertedColumn<To, double>>(column);
    default:
      return nullptr;
  }
}

std::unique_ptr<Column> convert(const Column& column, ValueType to) {
  switch (to) {
    case ValueType::kLong:
      return convert_to<std::int64_t>(column);
    case ValueType::kFloat:
      return convert_to<float>(column);
    case ValueType::kDouble:
      return convert_to<double>(column);
    default:
      return nullptr;
  }
}

[[noreturn]] void refuse(const AggregatorFactory& metric, const std::string& why) {
  throw Error(ErrorCategory::kUnsupported,
              "metricsSpec: \"" + metric.name() + "\" cannot be made of stored values yet: " + why);
}

class ReshapedSegment final : public Segment {
 public:
  ReshapedSegment(std::shared_ptr<const Segment> base, const Reshaping& reshaping) : base_(std::move(base)) {
    metrics_ = base_->metrics();
    if (reshaping.metrics) {
      metrics_.clear();
      for (const auto& metric : *reshaping.metrics)
        add_metric(reshaping.preserves_metrics && base_->column(metric->name()) != nullptr ? *metric->combining()
                                                                                           : *metric);
    }
    for (const std::string& name : reshaping.dimensions.value_or(base_->dimensions()))
      if (has_dimension(name) && std::ranges::count(metrics_, name) == 0) dimensions_.push_back(name);
    if (reshaping.as_logical_types) show_logical_types();
  }

  std::uint32_t row_count() const noexcept override { return base_->row_count(); }
  Interval data_interval() const noexcept override { return base_->data_interval(); }
  bool sorted_by_time() const noexcept override { return base_->sorted_by_time(); }
  std::optional<Interval> time_bounds() const override { return base_->time_bounds(); }
  const std::vector<std::string>& dimensions() const noexcept override { return dimensions_; }
  const std::vector<std::string>& metrics() const noexcept override { return metrics_; }
  const Column* column(std::string_view name) const override {
    const auto made = columns_.find(name);
    return made != columns_.end() ? made->second : base_->column(name);
  }
  const Json& metadata() const override { return base_->metadata(); }
  const std::vector<storage::Projection>& projections() const noexcept override { return base_->projections(); }
  std::size_t size_bytes() const noexcept override { return base_->size_bytes(); }

 private:
  /// A dimension is what its specification says, even where older segments have it as a metric.
  bool has_dimension(const std::string& name) const {
    return std::ranges::count(base_->dimensions(), name) != 0 || std::ranges::count(base_->metrics(), name) != 0;
  }

  void show_logical_types() {
    for (const std::string& name : dimensions_) {
      const Column* column = base_->column(name);
      if (column == nullptr || read_as(*column) == ReadAs::kItself) continue;
      made_.push_back(make_logical_column(*column));
      columns_[name] = made_.back().get();
    }
  }

  void add_metric(const AggregatorFactory& metric) {
    const Json json = metric.to_json();
    const JsonField field(json);
    const std::string type = field["type"].string_or("");
    if (type == "count") return make_metric(metric.name(), std::make_unique<OnesColumn>(base_->row_count()));
    const std::string source = field["fieldName"].string_or("");
    if (source.empty()) refuse(metric, "it reads no column of its own: " + json.dump());
    const Column* column = base_->column(source);
    if (column == nullptr) return;  // its rows are null
    const engine::ColumnKind kind = metric.intermediate_kind();
    if (kind.type == ValueType::kComplex) {
      if (column->type() != ValueType::kComplex || column->complex_type() != kind.complex_type)
        refuse(metric, "\"" + source + "\" is " + column->logical_type());
      return show_metric(metric.name(), column);
    }
    if (column->type() == kind.type && kind.type != ValueType::kString) return show_metric(metric.name(), column);
    auto made = convert(*column, kind.type);
    if (made == nullptr) refuse(metric, "\"" + source + "\" is " + column->logical_type());
    make_metric(metric.name(), std::move(made));
  }

  void make_metric(const std::string& name, std::unique_ptr<Column> column) {
    made_.push_back(std::move(column));
    show_metric(name, made_.back().get());
  }

  void show_metric(const std::string& name, const Column* column) {
    metrics_.push_back(name);
    columns_[name] = column;
  }

  const std::shared_ptr<const Segment> base_;
  std::vector<std::string> dimensions_;
  std::vector<std::string> metrics_;
  std::vector<std::unique_ptr<Column>> made_;
  std::map<std::string, const Column*, std::less<>> columns_;
};

}  // namespace

std::shared_ptr<const Segment> reshape(std::shared_ptr<const Segment> segment, const Reshaping& reshaping) {
  if (!reshaping.dimensions && !reshaping.metrics && !reshaping.as_logical_types) return segment;
  return std::make_shared<ReshapedSegment>(std::move(segment), reshaping);
}

}  // namespace sarsen::ingest
