#include "ingest/incremental_index/live_columns.h"

#include <algorithm>
#include <vector>

#include "ingest/incremental_index/live_structured_column.h"
#include "storage/base/check.h"

namespace sarsen::ingest {
namespace {

using storage::ValueType;

template <class T>
constexpr ValueType kTypeOf = std::is_same_v<T, std::int64_t> ? ValueType::kLong
                              : std::is_same_v<T, float>      ? ValueType::kFloat
                                                              : ValueType::kDouble;

template <class T>
class GrowingReader final : public storage::NumericReader<T> {
 public:
  /// `nulls` may be null: no row is.
  GrowingReader(const storage::GrowingArray<T>& values, const storage::GrowingArray<std::uint8_t>* nulls)
      : values_(values), nulls_(nulls) {}

  const T* read(std::uint32_t begin, std::uint32_t count, T* scratch) override {
    return values_.read(begin, count, scratch);
  }

  bool read_nulls(std::uint32_t begin, std::uint32_t count, std::uint64_t* words) override {
    if (nulls_ == nullptr) return false;
    flags_.resize(count);
    const std::uint8_t* flags = nulls_->read(begin, count, flags_.data());
    if (std::find(flags, flags + count, 1) == flags + count) return false;
    std::fill_n(words, (count + 63) / 64, 0);
    for (std::uint32_t row = 0; row < count; ++row) words[row / 64] |= std::uint64_t{flags[row]} << row % 64;
    return true;
  }

 private:
  const storage::GrowingArray<T>& values_;
  const storage::GrowingArray<std::uint8_t>* nulls_;
  std::vector<std::uint8_t> flags_;
};

template <class T>
class GrowingColumn final : public storage::Column {
 public:
  GrowingColumn(const storage::GrowingArray<T>& values, const storage::GrowingArray<std::uint8_t>* nulls,
                std::uint32_t row_count)
      : values_(values), nulls_(nulls), row_count_(row_count) {}

  ValueType type() const noexcept override { return kTypeOf<T>; }
  std::uint32_t row_count() const noexcept override { return row_count_; }
  bool may_have_nulls() const noexcept override { return nulls_ != nullptr; }
  std::string encoding() const override { return "live"; }

  std::unique_ptr<storage::NumericReader<std::int64_t>> long_reader() const override { return reader<std::int64_t>(); }
  std::unique_ptr<storage::NumericReader<float>> float_reader() const override { return reader<float>(); }
  std::unique_ptr<storage::NumericReader<double>> double_reader() const override { return reader<double>(); }

 private:
  template <class Wanted>
  std::unique_ptr<storage::NumericReader<Wanted>> reader() const {
    if constexpr (std::is_same_v<Wanted, T>)
      return std::make_unique<GrowingReader<T>>(values_, nulls_);
    else
      return nullptr;
  }

  const storage::GrowingArray<T>& values_;
  const storage::GrowingArray<std::uint8_t>* nulls_;
  const std::uint32_t row_count_;
};

/// The ids that were there when the rows were published.
class DictionaryPrefix final : public storage::Dictionary {
 public:
  DictionaryPrefix(const storage::GrowingTexts& dictionary, std::uint32_t size)
      : dictionary_(dictionary), size_(size) {}

  std::uint32_t size() const noexcept override { return size_; }
  std::optional<std::string_view> value(std::uint32_t id) const override { return dictionary_.value(id); }
  bool sorted() const noexcept override { return false; }
  std::optional<std::uint32_t> find(std::optional<std::string_view> value) const override {
    const auto id = dictionary_.find(value);
    return id && *id < size_ ? id : std::nullopt;
  }
  std::uint32_t lower_bound(std::string_view) const override {
    throw Error(ErrorCategory::kDefensive, "The dictionary of a live index is not sorted");
  }

 private:
  const storage::GrowingTexts& dictionary_;
  const std::uint32_t size_;
};

class CodeReader final : public storage::StringReader {
 public:
  explicit CodeReader(const LiveStringDimension& dimension) : dimension_(dimension) {}

  const std::uint32_t* read_ids(std::uint32_t begin, std::uint32_t count, std::uint32_t* scratch) override {
    const std::uint32_t* codes = dimension_.codes().read(begin, count, scratch);
    if (std::find(codes, codes + count, LiveStringDimension::kEmptyList) == codes + count) return codes;
    std::replace_copy(codes, codes + count, scratch, LiveStringDimension::kEmptyList, dimension_.null_id());
    return scratch;
  }

  Lists read_lists(std::uint32_t begin, std::uint32_t count) override {
    codes_.resize(count);
    const std::uint32_t* codes = dimension_.codes().read(begin, count, codes_.data());
    offsets_.assign(1, 0);
    ids_.clear();
    for (std::uint32_t row = 0; row < count; ++row) {
      append(codes[row]);
      offsets_.push_back(static_cast<std::uint32_t>(ids_.size()));
    }
    return {offsets_.data(), ids_.data()};
  }

 private:
  void append(std::uint32_t code) {
    if ((code & LiveStringDimension::kListBit) == 0) {
      ids_.push_back(code);
      return;
    }
    const std::uint32_t number = code & ~LiveStringDimension::kListBit;
    for (std::uint32_t i = 0; i < dimension_.list_size(number); ++i) ids_.push_back(dimension_.list_id(number, i));
  }

  const LiveStringDimension& dimension_;
  std::vector<std::uint32_t> codes_;
  std::vector<std::uint32_t> offsets_;
  std::vector<std::uint32_t> ids_;
};

class LiveStringColumn final : public storage::Column {
 public:
  LiveStringColumn(const LiveStringDimension& dimension, const PublishedDimension& published, std::uint32_t row_count)
      : dimension_(dimension),
        dictionary_(dimension.dictionary(), published.dictionary_size),
        has_lists_(published.has_lists),
        row_count_(row_count) {}

  ValueType type() const noexcept override { return ValueType::kString; }
  std::uint32_t row_count() const noexcept override { return row_count_; }
  bool multiple_values() const noexcept override { return has_lists_; }
  bool may_have_nulls() const noexcept override { return dictionary_.find(std::nullopt).has_value(); }
  std::string encoding() const override { return "live"; }
  std::unique_ptr<storage::StringReader> string_reader() const override {
    return std::make_unique<CodeReader>(dimension_);
  }
  const storage::Dictionary* dictionary() const override { return &dictionary_; }

 private:
  const LiveStringDimension& dimension_;
  const DictionaryPrefix dictionary_;
  const bool has_lists_;
  const std::uint32_t row_count_;
};

template <class T>
std::unique_ptr<const storage::Column> numeric_column(const PublishedDimension& dimension, std::uint32_t row_count) {
  const auto& numeric = static_cast<const LiveNumericDimension<T>&>(*dimension.dimension);
  return std::make_unique<GrowingColumn<T>>(numeric.values(), dimension.has_nulls ? &numeric.nulls() : nullptr,
                                            row_count);
}

}  // namespace

std::unique_ptr<const storage::Column> make_time_column(const IndexRows& rows, std::uint32_t row_count) {
  return std::make_unique<GrowingColumn<std::int64_t>>(rows.times_ms, nullptr, row_count);
}

std::unique_ptr<const storage::Column> make_dimension_column(const PublishedDimension& dimension,
                                                             std::uint32_t row_count) {
  switch (dimension.dimension->schema().type) {
    case ValueType::kLong:
      return numeric_column<std::int64_t>(dimension, row_count);
    case ValueType::kFloat:
      return numeric_column<float>(dimension, row_count);
    case ValueType::kDouble:
      return numeric_column<double>(dimension, row_count);
    case ValueType::kVariant:
      return make_structured_column(dimension, row_count);
    default:
      break;
  }
  return std::make_unique<LiveStringColumn>(static_cast<const LiveStringDimension&>(*dimension.dimension), dimension,
                                            row_count);
}

}  // namespace sarsen::ingest
