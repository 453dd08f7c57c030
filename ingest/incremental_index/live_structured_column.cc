#include "ingest/incremental_index/live_structured_column.h"

#include <algorithm>
#include <mutex>
#include <vector>

#include "ingest/incremental_index/live_structured_dimension.h"
#include "ingest/incremental_index/memory_column.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

using storage::ColumnLayout;
using storage::ScalarType;
using storage::ValueType;

/// The ids of what the rows' values are to readers.
class SimpleIds {
 public:
  explicit SimpleIds(const LiveStructuredDimension& dimension) : dimension_(dimension) {}

  const std::uint32_t* read(std::uint32_t begin, std::uint32_t count, std::uint32_t* scratch) {
    const std::uint32_t* ids = dimension_.ids().read(begin, count, scratch);
    std::transform(ids, ids + count, scratch, [this](std::uint32_t id) { return dimension_.simple_id(id); });
    return scratch;
  }

 private:
  const LiveStructuredDimension& dimension_;
};

class LiveIdReader final : public storage::IdReader {
 public:
  explicit LiveIdReader(const LiveStructuredDimension& dimension) : ids_(dimension) {}
  const std::uint32_t* read(std::uint32_t begin, std::uint32_t count, std::uint32_t* scratch) override {
    return ids_.read(begin, count, scratch);
  }

 private:
  SimpleIds ids_;
};

class LiveStringReader final : public storage::StringReader {
 public:
  explicit LiveStringReader(const LiveStructuredDimension& dimension) : ids_(dimension) {}
  const std::uint32_t* read_ids(std::uint32_t begin, std::uint32_t count, std::uint32_t* scratch) override {
    return ids_.read(begin, count, scratch);
  }
  Lists read_lists(std::uint32_t, std::uint32_t) override {
    throw Error(ErrorCategory::kDefensive, "The column has one value a row");
  }

 private:
  SimpleIds ids_;
};

template <class T>
class NumberReader final : public storage::NumericReader<T> {
 public:
  explicit NumberReader(const LiveStructuredDimension& dimension) : dimension_(dimension) {}

  const T* read(std::uint32_t begin, std::uint32_t count, T* scratch) override {
    const std::uint32_t* ids = read_ids(begin, count);
    std::transform(ids, ids + count, scratch, [this](std::uint32_t id) { return number(dimension_.value(id)); });
    return scratch;
  }

  bool read_nulls(std::uint32_t begin, std::uint32_t count, std::uint64_t* words) override {
    const std::uint32_t* ids = read_ids(begin, count);
    if (std::find(ids, ids + count, LiveStructuredDimension::kNullId) == ids + count) return false;
    std::fill_n(words, (count + 63) / 64, 0);
    for (std::uint32_t row = 0; row < count; ++row)
      words[row / 64] |= std::uint64_t{ids[row] == LiveStructuredDimension::kNullId} << row % 64;
    return true;
  }

 private:
  const std::uint32_t* read_ids(std::uint32_t begin, std::uint32_t count) {
    ids_.resize(count);
    return dimension_.ids().read(begin, count, ids_.data());
  }

  static T number(const Json& value) {
    if (value.is_null()) return T{0};
    if (value.is_bool()) return static_cast<T>(value.boolean());
    return value.is_integer() ? static_cast<T>(value.integer()) : static_cast<T>(value.number());
  }

  const LiveStructuredDimension& dimension_;
  std::vector<std::uint32_t> ids_;
};

/// `simple`: as readers of a column that is none of JSON see the values.
class LiveValueReader final : public storage::StructuredReader {
 public:
  LiveValueReader(const LiveStructuredDimension& dimension, bool simple) : dimension_(dimension), simple_(simple) {}
  Json read(std::uint32_t row) override {
    const std::uint32_t id = dimension_.ids()[row];
    return dimension_.value(simple_ ? dimension_.simple_id(id) : id);
  }

 private:
  const LiveStructuredDimension& dimension_;
  const bool simple_;
};

class LiveSmileReader final : public storage::ComplexReader {
 public:
  explicit LiveSmileReader(const LiveStructuredDimension& dimension) : dimension_(dimension) {}
  std::optional<std::span<const std::byte>> read(std::uint32_t row) override {
    const auto smile = dimension_.smile(dimension_.ids()[row]);
    return smile ? std::optional(std::as_bytes(std::span(*smile))) : std::nullopt;
  }

 private:
  const LiveStructuredDimension& dimension_;
};

/// The ids that were there when the rows were published.
class LiveValues final : public storage::ValueDictionary {
 public:
  LiveValues(const LiveStructuredDimension& dimension, std::uint32_t size) : dimension_(dimension), size_(size) {}
  std::uint32_t size() const noexcept override { return size_; }
  Json value(std::uint32_t id) const override { return dimension_.value(id); }

 private:
  const LiveStructuredDimension& dimension_;
  const std::uint32_t size_;
};

/// The same where all values are strings.
class LiveStrings final : public storage::Dictionary {
 public:
  LiveStrings(const LiveStructuredDimension& dimension, std::uint32_t size) : dimension_(dimension), size_(size) {}

  std::uint32_t size() const noexcept override { return size_; }
  std::optional<std::string_view> value(std::uint32_t id) const override {
    const Json& value = dimension_.value(id);
    return value.is_string() ? std::optional<std::string_view>(value.string()) : std::nullopt;
  }
  bool sorted() const noexcept override { return false; }
  std::optional<std::uint32_t> find(std::optional<std::string_view> value) const override {
    if (!value) return LiveStructuredDimension::kNullId;
    const auto id = dimension_.find(Json(*value));
    return id && *id < size_ ? id : std::nullopt;
  }
  std::uint32_t lower_bound(std::string_view) const override {
    throw Error(ErrorCategory::kDefensive, "The dictionary of a live index is not sorted");
  }

 private:
  const LiveStructuredDimension& dimension_;
  const std::uint32_t size_;
};

class LiveStructuredColumn final : public storage::Column {
 public:
  LiveStructuredColumn(const LiveStructuredDimension& dimension, const PublishedDimension& published,
                       std::uint32_t row_count)
      : dimension_(dimension),
        kind_(published.kind),
        may_have_nulls_(published.has_nulls),
        row_count_(row_count),
        values_(dimension, published.dictionary_size),
        strings_(dimension, published.dictionary_size) {}

  ValueType type() const noexcept override {
    if (nested()) return ValueType::kComplex;
    if (kind_.layout == ColumnLayout::kVariant) return ValueType::kVariant;
    constexpr ValueType kTypes[] = {ValueType::kString, ValueType::kLong, ValueType::kDouble};
    return kTypes[static_cast<std::size_t>(kind_.shape.type)];
  }
  std::uint32_t row_count() const noexcept override { return row_count_; }
  bool may_have_nulls() const noexcept override { return may_have_nulls_; }
  std::string_view complex_type() const noexcept override { return nested() ? "json" : ""; }
  std::string logical_type() const override { return kind_.logical_type(); }
  std::string encoding() const override { return "live"; }

  std::unique_ptr<storage::NumericReader<std::int64_t>> long_reader() const override {
    return type() == ValueType::kLong ? std::make_unique<NumberReader<std::int64_t>>(dimension_) : nullptr;
  }
  std::unique_ptr<storage::NumericReader<double>> double_reader() const override {
    return type() == ValueType::kDouble ? std::make_unique<NumberReader<double>>(dimension_) : nullptr;
  }
  std::unique_ptr<storage::StringReader> string_reader() const override {
    return type() == ValueType::kString ? std::make_unique<LiveStringReader>(dimension_) : nullptr;
  }
  std::unique_ptr<storage::ComplexReader> complex_reader() const override {
    return nested() ? std::make_unique<LiveSmileReader>(dimension_) : nullptr;
  }
  std::unique_ptr<storage::IdReader> id_reader() const override {
    return has_values() ? std::make_unique<LiveIdReader>(dimension_) : nullptr;
  }
  std::unique_ptr<storage::StructuredReader> structured_reader() const override {
    if (!nested() && type() != ValueType::kVariant) return nullptr;
    return std::make_unique<LiveValueReader>(dimension_, !nested());
  }
  const storage::Dictionary* dictionary() const override { return type() == ValueType::kString ? &strings_ : nullptr; }
  const storage::ValueDictionary* value_dictionary() const override { return has_values() ? &values_ : nullptr; }
  const storage::NestedFields* nested_fields() const override { return nested() ? encoded().nested_fields() : nullptr; }

 private:
  bool nested() const noexcept { return kind_.layout == ColumnLayout::kNested; }
  bool has_values() const noexcept { return type() == ValueType::kVariant || type() == ValueType::kString; }

  /// The column as it would be stored now.
  const storage::Column& encoded() const {
    std::call_once(encode_, [this] {
      encoded_ = std::make_unique<MemoryColumn>(
          storage::StructuredColumnData{
              .json = true, .value = [this](std::uint32_t row) { return dimension_.value(dimension_.ids()[row]); }},
          row_count_);
    });
    return encoded_->column();
  }

  const LiveStructuredDimension& dimension_;
  const storage::ColumnKind kind_;
  const bool may_have_nulls_;
  const std::uint32_t row_count_;
  const LiveValues values_;
  const LiveStrings strings_;
  mutable std::once_flag encode_;
  mutable std::unique_ptr<const MemoryColumn> encoded_;
};

}  // namespace

std::unique_ptr<const storage::Column> make_structured_column(const PublishedDimension& dimension,
                                                              std::uint32_t row_count) {
  return std::make_unique<LiveStructuredColumn>(static_cast<const LiveStructuredDimension&>(*dimension.dimension),
                                                dimension, row_count);
}

}  // namespace sarsen::ingest
