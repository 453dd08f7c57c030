// mv-filtered: a column of strings with only some of its values, or without them.

#include <algorithm>
#include <array>
#include <set>

#include "engine/exec/poll.h"
#include "engine/group/dimension.h"
#include "engine/result/value_cast.h"
#include "engine/vector/aggregated_number.h"
#include "engine/vector/growing_dictionary.h"
#include "engine/vector/selection.h"
#include "engine/virtual_column/virtual_column.h"
#include "storage/base/error.h"

namespace sarsen::engine {
namespace {

/// What a dimension makes of the strings of a column.
class DimensionStrings final : public StringSource {
 public:
  explicit DimensionStrings(std::unique_ptr<DimensionReader> reader) : reader_(std::move(reader)) {}

  const storage::Dictionary& dictionary() const override { return dictionary_; }
  bool grows() const override { return true; }
  bool multiple_values() const override { return reader_->multiple_values(); }

  const std::uint32_t* read_ids(std::uint32_t begin, std::uint32_t size) override {
    translate(reader_->read_ids(begin, size), size);
    return ids_.data();
  }
  storage::StringReader::Lists read_lists(std::uint32_t begin, std::uint32_t size) override {
    const storage::StringReader::Lists lists = reader_->read_lists(begin, size);
    translate(lists.ids, lists.offsets[size]);
    return {lists.offsets, ids_.data()};
  }

 private:
  static constexpr std::uint32_t kUnknown = UINT32_MAX;

  void translate(const std::uint32_t* ids, std::uint32_t count) {
    ids_.resize(count);
    for (std::uint32_t i = 0; i < count; ++i) ids_[i] = id_of(ids[i]);
  }

  std::uint32_t id_of(std::uint32_t id) {
    if (id >= known_.size()) known_.resize(std::size_t{id} + 1 + id / 2, kUnknown);
    if (known_[id] == kUnknown) {
      poll();
      known_[id] = dictionary_.id_of(value_text(reader_->value(id)));
    }
    return known_[id];
  }

  std::unique_ptr<DimensionReader> reader_;
  GrowingDictionary dictionary_;
  std::vector<std::uint32_t> known_;  // by the reader's id
  std::vector<std::uint32_t> ids_;
};

/// The dictionary of the inner source with fewer values in the rows. Rows of one value get lists, too.
class FilteredSource final : public StringSource {
 public:
  FilteredSource(StringSource& inner, const ValueFilter& filter) : inner_(inner), filter_(filter) {}
  FilteredSource(std::unique_ptr<StringSource> inner, const ValueFilter& filter)
      : own_(std::move(inner)), inner_(*own_), filter_(filter) {}

  const storage::Dictionary& dictionary() const override { return inner_.dictionary(); }
  bool grows() const override { return inner_.grows(); }
  bool multiple_values() const override { return true; }
  const std::uint32_t* read_ids(std::uint32_t begin, std::uint32_t size) override {
    return inner_.read_ids(begin, size);
  }

  storage::StringReader::Lists read_lists(std::uint32_t begin, std::uint32_t size) override {
    ids_.clear();
    offsets_.assign(1, 0);
    if (inner_.multiple_values()) {
      const storage::StringReader::Lists lists = inner_.read_lists(begin, size);
      ask_new_entries();
      for (std::uint32_t row = 0; row < size; ++row) add_row(lists.ids, lists.offsets[row], lists.offsets[row + 1]);
    } else {
      const std::uint32_t* ids = inner_.read_ids(begin, size);
      ask_new_entries();
      for (std::uint32_t row = 0; row < size; ++row) add_row(ids, row, row + 1);
    }
    return {offsets_.data(), ids_.data()};
  }

 private:
  void ask_new_entries() {
    for (auto id = static_cast<std::uint32_t>(kept_.size()); id < dictionary().size(); ++id) {
      poll();
      kept_.push_back(filter_(dictionary().value(id)));
    }
  }

  void add_row(const std::uint32_t* ids, std::uint32_t begin, std::uint32_t end) {
    for (std::uint32_t i = begin; i < end; ++i)
      if (kept_[ids[i]]) ids_.push_back(ids[i]);
    offsets_.push_back(static_cast<std::uint32_t>(ids_.size()));
  }

  std::unique_ptr<StringSource> own_;
  StringSource& inner_;
  const ValueFilter& filter_;
  std::vector<bool> kept_;  // by id
  std::vector<std::uint32_t> offsets_;
  std::vector<std::uint32_t> ids_;
};

/// The number of a row that has one value left.
template <class T>
class FilteredNumbers final : public NumericSource<T> {
 public:
  explicit FilteredNumbers(std::unique_ptr<StringSource> strings) : strings_(std::move(strings)) {}

  NumericVector<T> read(std::uint32_t begin, std::uint32_t size) override {
    nulls_.fill(0);
    if (strings_ == nullptr) {
      for (std::uint32_t row = 0; row < size; ++row) set(row, std::nullopt);
      return {values_.data(), nulls_.data()};
    }
    const storage::StringReader::Lists lists = strings_->read_lists(begin, size);
    for (std::uint32_t row = 0; row < size; ++row) {
      const bool one = lists.offsets[row + 1] - lists.offsets[row] == 1;
      const auto text = one ? strings_->dictionary().value(lists.ids[lists.offsets[row]]) : std::nullopt;
      set(row, text ? aggregated_number<T>(*text) : std::nullopt);
    }
    return {values_.data(), nulls_.data()};
  }

 private:
  void set(std::uint32_t row, std::optional<T> number) {
    values_[row] = number.value_or(T{});
    nulls_[row / 64] |= std::uint64_t{!number} << (row % 64);
  }

  std::unique_ptr<StringSource> strings_;
  std::array<T, kVectorRows> values_;
  std::array<std::uint64_t, kVectorWords> nulls_;
};

class FilteredValues final : public ValueSource {
 public:
  explicit FilteredValues(std::unique_ptr<StringSource> strings) : strings_(std::move(strings)) {}

  ValueView value(std::uint32_t row) override {
    if (strings_ == nullptr) return {};
    const std::uint32_t begin = row / 64 * 64;
    const storage::StringReader::Lists lists = strings_->read_lists(begin, row - begin + 1);
    std::vector<std::optional<std::string_view>> values;
    for (std::uint32_t i = lists.offsets[row - begin]; i < lists.offsets[row - begin + 1]; ++i)
      values.push_back(strings_->dictionary().value(lists.ids[i]));
    return values;
  }

 private:
  std::unique_ptr<StringSource> strings_;
};

class MvFiltered final : public VirtualColumn {
 public:
  MvFiltered(std::string name, DimensionSpec delegate, ValueFilter filter)
      : VirtualColumn(std::move(name)), delegate_(std::move(delegate)), filter_(std::move(filter)) {}

  std::vector<std::string> required_columns() const override { return {delegate_.dimension}; }

  std::optional<ColumnKind> kind(const ColumnSources& columns) const override {
    const std::optional<ColumnKind> inner = columns.kind(delegate_.dimension);
    if (!inner) return std::nullopt;
    if (inner->type != storage::ValueType::kString)
      throw Error(ErrorCategory::kUnsupported,
                  "mv-filtered virtual columns of other than strings are not part of this "
                  "version: " +
                      delegate_.dimension + " is " + inner->type_name());
    return ColumnKind{.type = storage::ValueType::kString, .complex_type = {}, .multiple_values = true};
  }

  std::unique_ptr<NumericSource<std::int64_t>> longs(ColumnSources& columns) const override {
    return std::make_unique<FilteredNumbers<std::int64_t>>(strings(columns));
  }
  std::unique_ptr<NumericSource<float>> floats(ColumnSources& columns) const override {
    return std::make_unique<FilteredNumbers<float>>(strings(columns));
  }
  std::unique_ptr<NumericSource<double>> doubles(ColumnSources& columns) const override {
    return std::make_unique<FilteredNumbers<double>>(strings(columns));
  }

  std::unique_ptr<StringSource> strings(ColumnSources& columns) const override {
    if (!kind(columns)) return nullptr;
    if (delegate_.function == nullptr && delegate_.filters.empty())
      return std::make_unique<FilteredSource>(*columns.strings(delegate_.dimension), filter_);
    return std::make_unique<FilteredSource>(std::make_unique<DimensionStrings>(bind_dimension(delegate_, columns)),
                                            filter_);
  }

  std::unique_ptr<ValueSource> values(ColumnSources& columns) const override {
    return std::make_unique<FilteredValues>(strings(columns));
  }

 private:
  DimensionSpec delegate_;
  ValueFilter filter_;
};

VirtualColumnPtr parse_mv_filtered(const JsonField& json) {
  const JsonField delegate = json["delegate"];
  DimensionSpec spec = parse_dimension(delegate);
  spec.output_type = storage::ValueType::kString;
  const JsonField list = json["values"];
  if (!list.present()) list.fail("is required: the values to keep");
  std::set<std::string, std::less<>> values;
  bool with_null = false;
  for (const JsonField& element : list.elements()) {
    if (element.present()) values.insert(element.string());
    with_null = with_null || !element.present();
  }
  const bool wanted = json["isAllowList"].boolean_or(true);
  return std::make_shared<MvFiltered>(
      json["name"].string(), std::move(spec),
      [values = std::move(values), with_null, wanted](std::optional<std::string_view> value) {
        return (value ? values.contains(*value) : with_null) == wanted;
      });
}

}  // namespace

void register_mv_filtered(VirtualColumnRegistry& registry) {
  registry.add({.type = "mv-filtered",
                .parse = parse_mv_filtered,
                .doc = "The strings of `delegate` with only some of their values."});
}

}  // namespace sarsen::engine
