#include "tests/support/memory_segment.h"

#include <algorithm>
#include <map>

#include "storage/base/java_order.h"
#include "storage/column/string_dictionary.h"

namespace sarsen::testing {
namespace {

template <class T>
class MemoryReader final : public storage::NumericReader<T> {
 public:
  MemoryReader(const std::vector<T>& values, const std::vector<bool>& nulls) : values_(values), nulls_(nulls) {}

  const T* read(std::uint32_t begin, std::uint32_t, T*) override { return values_.data() + begin; }

  bool read_nulls(std::uint32_t begin, std::uint32_t count, std::uint64_t* words) override {
    bool any = false;
    for (std::uint32_t i = 0; i < count; ++i) {
      if (i % 64 == 0) words[i / 64] = 0;
      words[i / 64] |= std::uint64_t{nulls_[begin + i]} << (i % 64);
      any |= nulls_[begin + i];
    }
    return any;
  }

 private:
  const std::vector<T>& values_;
  const std::vector<bool>& nulls_;
};

template <class T, storage::ValueType kType>
class MemoryNumbers final : public storage::Column {
 public:
  explicit MemoryNumbers(const std::vector<std::optional<T>>& values) {
    for (const std::optional<T>& value : values) {
      values_.push_back(value.value_or(T{}));
      nulls_.push_back(!value.has_value());
    }
  }

  storage::ValueType type() const noexcept override { return kType; }
  std::uint32_t row_count() const noexcept override { return static_cast<std::uint32_t>(values_.size()); }
  std::unique_ptr<storage::NumericReader<std::int64_t>> long_reader() const override { return reader<std::int64_t>(); }
  std::unique_ptr<storage::NumericReader<float>> float_reader() const override { return reader<float>(); }
  std::unique_ptr<storage::NumericReader<double>> double_reader() const override { return reader<double>(); }

 private:
  template <class Wanted>
  std::unique_ptr<storage::NumericReader<Wanted>> reader() const {
    if constexpr (std::is_same_v<Wanted, T>) return std::make_unique<MemoryReader<T>>(values_, nulls_);
    return nullptr;
  }

  std::vector<T> values_;
  std::vector<bool> nulls_;
};

bool before(const std::optional<std::string>& left, const std::optional<std::string>& right) {
  if (!left || !right) return !left && right;
  return java_compare(*left, *right) < 0;
}

/// The entries of a dictionary as those of a stored one, of which the cache keeps things.
class StoredEntries final : public storage::StoredDictionary {
 public:
  explicit StoredEntries(const storage::Dictionary& entries) : entries_(entries) {}
  std::uint32_t size() const noexcept override { return entries_.size(); }
  std::optional<std::string_view> value(std::uint32_t id) const override { return entries_.value(id); }
  bool sorted() const noexcept override { return true; }
  std::string encoding() const override { return "memory"; }

 private:
  const storage::Dictionary& entries_;
};

class MemoryStrings final : public storage::Column, public storage::Dictionary, public storage::BitmapIndex {
 public:
  MemoryStrings(const std::vector<Strings>& rows, bool multiple, bool mapped) : multiple_(multiple), mapped_(mapped) {
    std::map<std::optional<std::string>, std::uint32_t> ids;
    for (const Strings& row : rows)
      for (const auto& value : row)
        if (ids.try_emplace(value, 0).second) dictionary_.push_back(value);
    if (mapped) std::sort(dictionary_.begin(), dictionary_.end(), before);
    for (std::uint32_t id = 0; id < size(); ++id) ids[dictionary_[id]] = id;
    offsets_.push_back(0);
    for (const Strings& row : rows) {
      for (const auto& value : row) ids_.push_back(ids.at(value));
      offsets_.push_back(static_cast<std::uint32_t>(ids_.size()));
    }
  }

  storage::ValueType type() const noexcept override { return storage::ValueType::kString; }
  std::uint32_t row_count() const noexcept override { return static_cast<std::uint32_t>(offsets_.size() - 1); }
  bool multiple_values() const noexcept override { return multiple_; }
  const storage::Dictionary* dictionary() const override {
    if (mapped_) return &stored_;
    return this;
  }
  const storage::BitmapIndex* bitmap_index() const override { return mapped_ ? this : nullptr; }
  std::unique_ptr<storage::StringReader> string_reader() const override { return std::make_unique<Reader>(*this); }

  std::uint32_t size() const noexcept override { return static_cast<std::uint32_t>(dictionary_.size()); }
  std::optional<std::string_view> value(std::uint32_t id) const override {
    return dictionary_[id] ? std::optional<std::string_view>(*dictionary_[id]) : std::nullopt;
  }
  bool sorted() const noexcept override { return mapped_; }
  std::optional<std::uint32_t> find(std::optional<std::string_view> wanted) const override {
    for (std::uint32_t id = 0; id < size(); ++id)
      if (value(id) == wanted) return id;
    return std::nullopt;
  }
  std::uint32_t lower_bound(std::string_view wanted) const override {
    std::uint32_t id = 0;
    while (id < size() && (!value(id) || java_compare(*value(id), wanted) < 0)) ++id;
    return id;
  }

  std::uint64_t cardinality(std::uint32_t id) const override {
    std::vector<std::uint64_t> words(row_count() / 64 + 1);
    or_into(id, words);
    std::uint64_t rows = 0;
    for (const std::uint64_t word : words) rows += static_cast<std::uint64_t>(__builtin_popcountll(word));
    return rows;
  }
  /// As Druid's writer: rows without any value are in the bitmap of null where there is one.
  void or_into(std::uint32_t id, std::span<std::uint64_t> words) const override {
    for (std::uint32_t row = 0; row < row_count(); ++row) {
      const auto first = ids_.begin() + offsets_[row];
      const auto last = ids_.begin() + offsets_[row + 1];
      if (std::find(first, last, id) != last || (first == last && !value(id)))
        words[row / 64] |= std::uint64_t{1} << (row % 64);
    }
  }

 private:
  class Reader final : public storage::StringReader {
   public:
    explicit Reader(const MemoryStrings& column) : column_(column) {}
    const std::uint32_t* read_ids(std::uint32_t begin, std::uint32_t, std::uint32_t*) override {
      return column_.ids_.data() + begin;
    }
    Lists read_lists(std::uint32_t begin, std::uint32_t) override {
      return {column_.offsets_.data() + begin, column_.ids_.data()};
    }

   private:
    const MemoryStrings& column_;
  };

  bool multiple_;
  bool mapped_;
  StoredEntries stored_{*this};
  Strings dictionary_;
  std::vector<std::uint32_t> ids_;
  std::vector<std::uint32_t> offsets_;
};

}  // namespace

MemorySegment::MemorySegment(std::vector<std::int64_t> times_ms, Form form)
    : times_ms_(std::move(times_ms)), form_(form) {
  columns_["__time"] = std::make_unique<MemoryNumbers<std::int64_t, storage::ValueType::kLong>>(
      std::vector<std::optional<std::int64_t>>(times_ms_.begin(), times_ms_.end()));
}

MemorySegment::~MemorySegment() = default;

MemorySegment& MemorySegment::add(const std::string& name, std::unique_ptr<storage::Column> column) {
  names_.push_back(name);
  columns_[name] = std::move(column);
  return *this;
}

MemorySegment& MemorySegment::strings(const std::string& name, const Strings& values) {
  std::vector<Strings> rows;
  for (const auto& value : values) rows.push_back({value});
  return add(name, std::make_unique<MemoryStrings>(rows, false, form_ == Form::kMapped));
}

MemorySegment& MemorySegment::lists(const std::string& name, const std::vector<Strings>& values) {
  return add(name, std::make_unique<MemoryStrings>(values, true, form_ == Form::kMapped));
}

MemorySegment& MemorySegment::longs(const std::string& name, const std::vector<std::optional<std::int64_t>>& values) {
  return add(name, std::make_unique<MemoryNumbers<std::int64_t, storage::ValueType::kLong>>(values));
}
MemorySegment& MemorySegment::floats(const std::string& name, const std::vector<std::optional<float>>& values) {
  return add(name, std::make_unique<MemoryNumbers<float, storage::ValueType::kFloat>>(values));
}
MemorySegment& MemorySegment::doubles(const std::string& name, const std::vector<std::optional<double>>& values) {
  return add(name, std::make_unique<MemoryNumbers<double, storage::ValueType::kDouble>>(values));
}

bool MemorySegment::sorted_by_time() const noexcept { return std::is_sorted(times_ms_.begin(), times_ms_.end()); }

std::optional<Interval> MemorySegment::time_bounds() const {
  if (times_ms_.empty()) return std::nullopt;
  const auto [min, max] = std::minmax_element(times_ms_.begin(), times_ms_.end());
  return Interval{*min, *max};
}

const storage::Column* MemorySegment::column(std::string_view name) const {
  const auto found = columns_.find(name);
  return found == columns_.end() ? nullptr : found->second.get();
}

}  // namespace sarsen::testing
