// arrayOfDoublesSketch: distinct keys with sums of numbers. With metricColumns, rows are taken in: a key, or several,
// and a number of each of these columns; rows that lack one do not count. Without, stored sketches are merged.

#include <algorithm>
#include <array>
#include <bit>

#include "engine/aggregator/sketch_aggregator.h"
#include "engine/group/dimension.h"
#include "engine/sketch/tuple.h"

namespace sarsen::engine {
namespace {

constexpr std::int64_t kEntriesDefault = 4096;
constexpr std::int64_t kEntriesMin = 16;

/// A key and its numbers.
struct KeyedNumbers {
  sketch::Hash128 hash;
  std::span<const double> numbers;
};

struct TupleKind {
  using Sketch = sketch::TupleSketch;
  static constexpr const char* kComplexType = "arrayOfDoublesSketch";

  std::uint32_t entries = static_cast<std::uint32_t>(kEntriesDefault);
  std::size_t width = 1;

  Sketch make() const { return Sketch(std::max(entries, static_cast<std::uint32_t>(kEntriesMin)), width); }
  void merge(Sketch& into, const Sketch& from) const { into.merge(from); }
  std::string stored(const Sketch& sketch) const { return sketch.result().bytes(); }

  std::optional<sketch::Hash128> hash(std::string_view text) const {
    if (text.empty()) return std::nullopt;
    return sketch::murmur3(text, sketch::kDataSketchesSeed);
  }

  void add(Sketch& into, const KeyedNumbers& row) const { into.update(row.hash, row.numbers); }
  void add(Sketch& into, const ValueView& value) const {
    if (const auto* bytes = std::get_if<std::span<const std::byte>>(&value)) {
      if (!bytes->empty()) into.merge(sketch::CompactTuple::parse(*bytes));
    } else if (const auto* text = std::get_if<std::string_view>(&value)) {
      into.merge(sketch::CompactTuple::parse(sketch_from_base64(*text, "an arrayOfDoublesSketch value")));
    }
  }
};

/// The numbers of a row, where it has all of them.
class RowNumbers {
 public:
  RowNumbers(const std::vector<std::string>& names, ColumnSources& columns)
      : vectors_(names.size()), row_(names.size()) {
    for (const std::string& name : names) sources_.push_back(&columns.doubles(name));
  }

  void read(std::uint32_t begin, std::uint32_t size) {
    for (std::size_t i = 0; i < sources_.size(); ++i) vectors_[i] = sources_[i]->read(begin, size);
  }

  std::optional<std::span<const double>> of(std::uint32_t row) {
    for (std::size_t i = 0; i < vectors_.size(); ++i) {
      if (vectors_[i].nulls != nullptr && mask_has(vectors_[i].nulls, row)) return std::nullopt;
      row_[i] = vectors_[i].values[row];
    }
    return row_;
  }

 private:
  std::vector<NumericSource<double>*> sources_;
  std::vector<NumericVector<double>> vectors_;
  std::vector<double> row_;
};

/// Keys by id, each hashed once; numbers are keys by their text.
class KeyInput {
 public:
  KeyInput(const TupleKind& kind, std::unique_ptr<DimensionReader> keys, RowNumbers numbers)
      : kind_(kind), keys_(std::move(keys)), numbers_(std::move(numbers)) {}

  void read(std::uint32_t begin, std::uint32_t size) {
    numbers_.read(begin, size);
    if (keys_->multiple_values()) {
      lists_ = keys_->read_lists(begin, size);
    } else {
      ids_ = keys_->read_ids(begin, size);
    }
  }

  template <class Add>
  void each(std::uint32_t row, Add add) {
    const std::optional<std::span<const double>> numbers = numbers_.of(row);
    if (!numbers) return;
    if (ids_ != nullptr) return one(ids_[row], *numbers, add);
    for (std::uint32_t i = lists_.offsets[row]; i < lists_.offsets[row + 1]; ++i) one(lists_.ids[i], *numbers, add);
  }

 private:
  template <class Add>
  void one(std::uint32_t id, std::span<const double> numbers, Add& add) {
    if (id >= hashes_.size()) hashes_.resize(id + 1 + id / 2);
    auto& [made, hash] = hashes_[id];
    if (!made) {
      const Value value = keys_->value(id);
      const auto* text = std::get_if<std::string>(&value);
      hash = text == nullptr ? std::nullopt : kind_.hash(*text);
      made = true;
    }
    if (hash) add(KeyedNumbers{*hash, numbers});
  }

  const TupleKind& kind_;
  std::unique_ptr<DimensionReader> keys_;
  RowNumbers numbers_;
  const std::uint32_t* ids_ = nullptr;
  storage::StringReader::Lists lists_{nullptr, nullptr};
  std::vector<std::pair<bool, std::optional<sketch::Hash128>>> hashes_;
};

/// Keys of input rows.
class RawKeyInput {
 public:
  RawKeyInput(const TupleKind& kind, ValueSource& keys, RowNumbers numbers)
      : kind_(kind), keys_(keys), numbers_(std::move(numbers)) {}

  void read(std::uint32_t begin, std::uint32_t size) {
    begin_ = begin;
    numbers_.read(begin, size);
  }

  template <class Add>
  void each(std::uint32_t row, Add add) {
    const std::optional<std::span<const double>> numbers = numbers_.of(row);
    if (!numbers) return;
    const auto one = [&](std::string_view text) {
      if (const auto hash = kind_.hash(text)) add(KeyedNumbers{*hash, *numbers});
    };
    const ValueView value = keys_.value(begin_ + row);
    if (const auto* list = std::get_if<std::vector<std::optional<std::string_view>>>(&value)) {
      for (const auto& element : *list)
        if (element) one(*element);
    } else if (const std::optional<std::string> text = raw_text(value)) {
      one(*text);
    }
  }

 private:
  const TupleKind& kind_;
  ValueSource& keys_;
  RowNumbers numbers_;
  std::uint32_t begin_ = 0;
};

struct TupleFields {
  std::string field_name;
  std::optional<std::vector<std::string>> metric_columns;
};

class TupleFactory final : public SketchFactoryOf<TupleKind> {
 public:
  TupleFactory(std::string name, TupleFields fields, TupleKind kind)
      : SketchFactoryOf(std::move(name), std::move(fields.field_name), kind),
        metric_columns_(std::move(fields.metric_columns)) {}

  static std::shared_ptr<const AggregatorFactory> parse(const JsonField& json) {
    const std::int64_t entries = json["nominalEntries"].integer_or(kEntriesDefault);
    if (entries < 1 || entries > sketch::TupleSketch::kEntriesMax ||
        !std::has_single_bit(static_cast<std::uint64_t>(entries)))
      json["nominalEntries"].fail("must be a power of two from 1 to 67108864");
    TupleFields fields{.field_name = json["fieldName"].string(), .metric_columns = {}};
    if (json["metricColumns"].present()) {
      fields.metric_columns.emplace();
      for (const JsonField& element : json["metricColumns"].elements())
        fields.metric_columns->push_back(element.string());
    }
    const std::size_t columns = fields.metric_columns ? fields.metric_columns->size() : 1;
    const std::int64_t width = json["numberOfValues"].integer_or(static_cast<std::int64_t>(columns));
    if (width < 0 || width > static_cast<std::int64_t>(sketch::TupleSketch::kWidthMax))
      json["numberOfValues"].fail("must be from 0 to 127");
    if (fields.metric_columns && width != static_cast<std::int64_t>(columns))
      json["numberOfValues"].fail("must be the number of metricColumns");
    return std::make_shared<TupleFactory>(
        json["name"].string(), std::move(fields),
        TupleKind{.entries = static_cast<std::uint32_t>(entries), .width = static_cast<std::size_t>(width)});
  }

  std::vector<std::string> required_columns() const override {
    std::vector<std::string> columns = metric_columns_.value_or(std::vector<std::string>());
    columns.insert(columns.begin(), field_name());
    return columns;
  }

  std::unique_ptr<Aggregator> bind(ColumnSources& columns) const override {
    const std::optional<ColumnKind> column = kind_of_field(columns);
    const bool ingesting = ingests(columns, column);
    if (!metric_columns_) return bind_stored(columns, column, ingesting);
    RowNumbers numbers(*metric_columns_, columns);
    if (ingesting) return aggregator<RawKeyInput>(kind(), columns.values(field_name()), std::move(numbers));
    return aggregator<KeyInput>(
        kind(), bind_dimension({field_name(), field_name(), storage::ValueType::kString}, columns), std::move(numbers));
  }

  void merge_alone(std::byte* state) const override {
    if (held(state) != nullptr) state_at<State>(state)->merge_alone();
  }

  Value finalise(const std::byte* state) const override {
    return held(state) == nullptr ? 0.0 : held(state)->result().estimate();
  }
  Value intermediate(const std::byte* state) const override {
    return ComplexBytes{(held(state) == nullptr ? kind().make() : *held(state)).result().bytes()};
  }

  std::unique_ptr<AggregatorFactory> combining() const override {
    return std::make_unique<TupleFactory>(name(), TupleFields{.field_name = name(), .metric_columns = {}}, kind());
  }

  Json to_json() const override {
    Json::Object json{{"type", "arrayOfDoublesSketch"},
                      {"name", name()},
                      {"fieldName", field_name()},
                      {"nominalEntries", static_cast<std::int64_t>(kind().entries)}};
    if (metric_columns_)
      json.emplace_back("metricColumns", Json(Json::Array(metric_columns_->begin(), metric_columns_->end())));
    json.emplace_back("numberOfValues", static_cast<std::int64_t>(kind().width));
    return json;
  }

 private:
  std::unique_ptr<Aggregator> bind_stored(ColumnSources& columns, const std::optional<ColumnKind>& column,
                                          bool ingesting) const {
    if (!column) return aggregator<NoInput>();
    if (!ingesting && !is_tuple(column->complex_type))
      refuse(*column, "stored sketches, or keys where metricColumns are given");
    return aggregator<ValueInput>(columns.values(field_name()));
  }

  static bool is_tuple(std::string_view type) {
    constexpr std::array kNames = {"arrayOfDoublesSketch", "arrayOfDoublesSketchBuild", "arrayOfDoublesSketchMerge"};
    return std::find(kNames.begin(), kNames.end(), type) != kNames.end();
  }

  std::optional<std::vector<std::string>> metric_columns_;
};

}  // namespace

void register_array_of_doubles_sketch(AggregatorRegistry& registry) {
  registry.add({.type = "arrayOfDoublesSketch",
                .parse = TupleFactory::parse,
                .doc = "Distinct keys with sums of numbers, by a sketch that allows set operations."});
}

}  // namespace sarsen::engine
