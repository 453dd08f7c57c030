#include "engine/data_source/gathered_column.h"

#include <algorithm>
#include <optional>

#include "storage/base/check.h"

namespace sarsen::engine {
namespace {

using Rows = std::shared_ptr<const RowNumbers>;

/// Rows so close together are read in one piece, others one by one.
constexpr std::uint32_t kSpreadMax = 8;

/// The rows of the base column that a vector needs.
struct Window {
  std::uint32_t begin = 0;
  std::uint32_t size = 0;
  bool dense = false;  // worth reading from begin to end
};

Window window_of(const std::uint32_t* rows, std::uint32_t count) {
  std::uint32_t first = UINT32_MAX;
  std::uint32_t last = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (rows[i] == kNoRow) continue;
    first = std::min(first, rows[i]);
    last = std::max(last, rows[i]);
  }
  if (first > last) return {};
  return {first, last - first + 1, last - first < std::uint64_t{count} * kSpreadMax + 64};
}

template <class T>
class GatheredNumbers final : public storage::NumericReader<T> {
 public:
  GatheredNumbers(std::unique_ptr<storage::NumericReader<T>> base, std::uint32_t base_rows, Rows rows)
      : base_(std::move(base)), base_rows_(base_rows), rows_(std::move(rows)) {}

  const T* read(std::uint32_t begin, std::uint32_t count, T* scratch) override {
    const std::uint32_t* rows = rows_->rows.data() + begin;
    const Window window = window_of(rows, count);
    const T* values = nullptr;
    if (window.dense) {
      buffer_.resize(window.size);
      values = base_->read(window.begin, window.size, buffer_.data());
    }
    for (std::uint32_t i = 0; i < count; ++i) scratch[i] = rows[i] == kNoRow ? T{} : value(rows[i], window, values);
    return scratch;
  }

  bool read_nulls(std::uint32_t begin, std::uint32_t count, std::uint64_t* words) override {
    const std::uint32_t* rows = rows_->rows.data() + begin;
    std::fill_n(words, (count + 63) / 64, std::uint64_t{0});
    bool any = false;
    for (std::uint32_t i = 0; i < count; ++i) {
      if (rows[i] != kNoRow && !is_null(rows[i])) continue;
      words[i / 64] |= std::uint64_t{1} << (i % 64);
      any = true;
    }
    return any;
  }

 private:
  static constexpr std::uint32_t kBlockRows = 1024;

  T value(std::uint32_t row, const Window& window, const T* values) {
    if (values != nullptr) return values[row - window.begin];
    T one{};
    return *base_->read(row, 1, &one);
  }

  bool is_null(std::uint32_t row) {
    if (row / kBlockRows != block_) {
      block_ = row / kBlockRows;
      const std::uint32_t begin = block_ * kBlockRows;
      const std::uint32_t count = std::min(kBlockRows, base_rows_ - begin);
      block_has_nulls_ = base_->read_nulls(begin, count, nulls_);
    }
    return block_has_nulls_ && (nulls_[row % kBlockRows / 64] >> (row % 64) & 1) != 0;
  }

  std::unique_ptr<storage::NumericReader<T>> base_;
  std::uint32_t base_rows_;
  Rows rows_;
  std::vector<T> buffer_;
  std::uint32_t block_ = UINT32_MAX;
  bool block_has_nulls_ = false;
  std::uint64_t nulls_[kBlockRows / 64];
};

/// Ids of the base, moved up by one where null was put before them.
class IdMap {
 public:
  IdMap(std::optional<std::uint32_t> null_id, bool some_missing)
      : shift_(some_missing && !null_id ? 1 : 0), missing_(null_id.value_or(0)) {}
  bool shifts() const noexcept { return shift_ != 0; }
  std::uint32_t of(std::uint32_t base_id) const noexcept { return base_id + shift_; }
  std::uint32_t missing() const noexcept { return missing_; }

 private:
  std::uint32_t shift_;
  std::uint32_t missing_;
};

/// The dictionary of the base with null before its values.
class NullFirst final : public storage::Dictionary {
 public:
  explicit NullFirst(const storage::Dictionary& base) : base_(base) {}
  std::uint32_t size() const noexcept override { return base_.size() + 1; }
  std::optional<std::string_view> value(std::uint32_t id) const override {
    return id == 0 ? std::nullopt : base_.value(id - 1);
  }
  bool sorted() const noexcept override { return base_.sorted(); }
  std::optional<std::uint32_t> find(std::optional<std::string_view> value) const override {
    if (!value) return 0;
    const std::optional<std::uint32_t> found = base_.find(value);
    return found ? std::optional<std::uint32_t>(*found + 1) : std::nullopt;
  }
  std::uint32_t lower_bound(std::string_view value) const override { return base_.lower_bound(value) + 1; }

  const storage::Dictionary& base() const noexcept { return base_; }

 private:
  const storage::Dictionary& base_;
};

class NullFirstValues final : public storage::ValueDictionary {
 public:
  explicit NullFirstValues(const storage::ValueDictionary& base) : base_(base) {}
  std::uint32_t size() const noexcept override { return base_.size() + 1; }
  Json value(std::uint32_t id) const override { return id == 0 ? Json() : base_.value(id - 1); }

 private:
  const storage::ValueDictionary& base_;
};

/// `Base` reads ids by (begin, count, scratch).
template <class Read>
const std::uint32_t* gather_ids(const std::uint32_t* rows, std::uint32_t count, const IdMap& ids,
                                std::vector<std::uint32_t>& buffer, std::uint32_t* scratch, Read read) {
  const Window window = window_of(rows, count);
  const std::uint32_t* values = nullptr;
  if (window.dense) {
    buffer.resize(window.size);
    values = read(window.begin, window.size, buffer.data());
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    std::uint32_t one = 0;
    if (rows[i] == kNoRow) {
      scratch[i] = ids.missing();
    } else {
      scratch[i] = ids.of(values != nullptr ? values[rows[i] - window.begin] : *read(rows[i], 1, &one));
    }
  }
  return scratch;
}

class GatheredStrings final : public storage::StringReader {
 public:
  GatheredStrings(std::unique_ptr<storage::StringReader> base, Rows rows, IdMap ids)
      : base_(std::move(base)), rows_(std::move(rows)), ids_(ids) {}

  const std::uint32_t* read_ids(std::uint32_t begin, std::uint32_t count, std::uint32_t* scratch) override {
    return gather_ids(rows_->rows.data() + begin, count, ids_, buffer_, scratch,
                      [this](std::uint32_t from, std::uint32_t size, std::uint32_t* into) {
                        return base_->read_ids(from, size, into);
                      });
  }

  Lists read_lists(std::uint32_t begin, std::uint32_t count) override {
    const std::uint32_t* rows = rows_->rows.data() + begin;
    const Window window = window_of(rows, count);
    Lists lists{};
    if (window.dense) lists = base_->read_lists(window.begin, window.size);
    offsets_.assign(1, 0);
    buffer_.clear();
    for (std::uint32_t i = 0; i < count; ++i) {
      if (rows[i] != kNoRow) append(rows[i], window, lists);
      offsets_.push_back(static_cast<std::uint32_t>(buffer_.size()));
    }
    return {offsets_.data(), buffer_.data()};
  }

 private:
  void append(std::uint32_t row, const Window& window, Lists lists) {
    const std::uint32_t at = window.dense ? row - window.begin : 0;
    if (!window.dense) lists = base_->read_lists(row, 1);
    for (std::uint32_t i = lists.offsets[at]; i < lists.offsets[at + 1]; ++i) buffer_.push_back(ids_.of(lists.ids[i]));
  }

  std::unique_ptr<storage::StringReader> base_;
  Rows rows_;
  IdMap ids_;
  std::vector<std::uint32_t> buffer_;
  std::vector<std::uint32_t> offsets_;
};

class GatheredIds final : public storage::IdReader {
 public:
  GatheredIds(std::unique_ptr<storage::IdReader> base, Rows rows, IdMap ids)
      : base_(std::move(base)), rows_(std::move(rows)), ids_(ids) {}
  const std::uint32_t* read(std::uint32_t begin, std::uint32_t count, std::uint32_t* scratch) override {
    return gather_ids(
        rows_->rows.data() + begin, count, ids_, buffer_, scratch,
        [this](std::uint32_t from, std::uint32_t size, std::uint32_t* into) { return base_->read(from, size, into); });
  }

 private:
  std::unique_ptr<storage::IdReader> base_;
  Rows rows_;
  IdMap ids_;
  std::vector<std::uint32_t> buffer_;
};

class GatheredComplex final : public storage::ComplexReader {
 public:
  GatheredComplex(std::unique_ptr<storage::ComplexReader> base, Rows rows)
      : base_(std::move(base)), rows_(std::move(rows)) {}
  std::optional<std::span<const std::byte>> read(std::uint32_t row) override {
    const std::uint32_t found = rows_->rows[row];
    return found == kNoRow ? std::nullopt : base_->read(found);
  }

 private:
  std::unique_ptr<storage::ComplexReader> base_;
  Rows rows_;
};

class GatheredStructured final : public storage::StructuredReader {
 public:
  GatheredStructured(std::unique_ptr<storage::StructuredReader> base, Rows rows)
      : base_(std::move(base)), rows_(std::move(rows)) {}
  Json read(std::uint32_t row) override {
    const std::uint32_t found = rows_->rows[row];
    return found == kNoRow ? Json() : base_->read(found);
  }

 private:
  std::unique_ptr<storage::StructuredReader> base_;
  Rows rows_;
};

std::optional<std::uint32_t> null_id(const storage::Column& base) {
  if (base.dictionary() != nullptr) return base.dictionary()->find(std::nullopt);
  const storage::ValueDictionary* values = base.value_dictionary();
  if (values != nullptr && values->size() > 0 && values->value(0).is_null()) return 0;
  return std::nullopt;
}

class GatheredColumn final : public storage::Column {
 public:
  GatheredColumn(const storage::Column& base, Rows rows)
      : base_(base), rows_(std::move(rows)), ids_(null_id(base), rows_->some_missing) {
    if (!ids_.shifts()) return;
    if (base.dictionary() != nullptr) dictionary_ = std::make_unique<NullFirst>(*base.dictionary());
    if (base.value_dictionary() != nullptr) values_ = std::make_unique<NullFirstValues>(*base.value_dictionary());
  }

  storage::ValueType type() const noexcept override { return base_.type(); }
  std::uint32_t row_count() const noexcept override { return static_cast<std::uint32_t>(rows_->rows.size()); }
  bool multiple_values() const noexcept override { return base_.multiple_values(); }
  bool may_have_nulls() const noexcept override { return rows_->some_missing || base_.may_have_nulls(); }
  std::string_view complex_type() const noexcept override { return base_.complex_type(); }
  std::string logical_type() const override { return base_.logical_type(); }

  std::unique_ptr<storage::NumericReader<std::int64_t>> long_reader() const override {
    return numbers(base_.long_reader());
  }
  std::unique_ptr<storage::NumericReader<float>> float_reader() const override { return numbers(base_.float_reader()); }
  std::unique_ptr<storage::NumericReader<double>> double_reader() const override {
    return numbers(base_.double_reader());
  }
  std::unique_ptr<storage::StringReader> string_reader() const override {
    auto base = base_.string_reader();
    return base ? std::make_unique<GatheredStrings>(std::move(base), rows_, ids_) : nullptr;
  }
  std::unique_ptr<storage::ComplexReader> complex_reader() const override {
    auto base = base_.complex_reader();
    return base ? std::make_unique<GatheredComplex>(std::move(base), rows_) : nullptr;
  }
  std::unique_ptr<storage::IdReader> id_reader() const override {
    auto base = base_.id_reader();
    return base ? std::make_unique<GatheredIds>(std::move(base), rows_, ids_) : nullptr;
  }
  std::unique_ptr<storage::StructuredReader> structured_reader() const override {
    auto base = base_.structured_reader();
    return base ? std::make_unique<GatheredStructured>(std::move(base), rows_) : nullptr;
  }
  const storage::Dictionary* dictionary() const override {
    return dictionary_ ? dictionary_.get() : base_.dictionary();
  }
  const storage::ValueDictionary* value_dictionary() const override {
    return values_ ? values_.get() : base_.value_dictionary();
  }

 private:
  template <class T>
  std::unique_ptr<storage::NumericReader<T>> numbers(std::unique_ptr<storage::NumericReader<T>> base) const {
    return base ? std::make_unique<GatheredNumbers<T>>(std::move(base), base_.row_count(), rows_) : nullptr;
  }

  const storage::Column& base_;
  Rows rows_;
  IdMap ids_;
  std::unique_ptr<const storage::Dictionary> dictionary_;  // only where null had to be put first
  std::unique_ptr<const storage::ValueDictionary> values_;
};

}  // namespace

std::unique_ptr<storage::Column> make_gathered_column(const storage::Column& base,
                                                      std::shared_ptr<const RowNumbers> rows) {
  return std::make_unique<GatheredColumn>(base, std::move(rows));
}

const storage::Dictionary& dictionary_of_base(const storage::Dictionary& dictionary) {
  const auto* with_null = dynamic_cast<const NullFirst*>(&dictionary);
  return with_null != nullptr ? with_null->base() : dictionary;
}

}  // namespace sarsen::engine
