#include "engine/data_source/memory_columns.h"

#include <algorithm>
#include <compare>
#include <numeric>
#include <type_traits>

#include "engine/exec/poll.h"
#include "engine/vector/row_mask.h"
#include "storage/base/java_order.h"

namespace sarsen::engine {
namespace {

template <class T>
class NumbersReader final : public storage::NumericReader<T> {
 public:
  explicit NumbersReader(const MemoryNumbers<T>& column) : column_(column) {}

  const T* read(std::uint32_t begin, std::uint32_t, T*) override { return column_.values().data() + begin; }

  bool read_nulls(std::uint32_t begin, std::uint32_t count, std::uint64_t* words) override {
    if (column_.nulls().empty()) return false;
    const std::uint32_t size = (count + 63) / 64;
    std::copy_n(column_.nulls().data() + begin / 64, size, words);
    if (count % 64 != 0) words[size - 1] &= (std::uint64_t{1} << (count % 64)) - 1;
    return std::any_of(words, words + size, [](std::uint64_t word) { return word != 0; });
  }

 private:
  const MemoryNumbers<T>& column_;
};

class StringsReader final : public storage::StringReader {
 public:
  explicit StringsReader(const MemoryStrings& column) : column_(column) {}

  const std::uint32_t* read_ids(std::uint32_t begin, std::uint32_t, std::uint32_t*) override {
    return column_.ids().data() + begin;
  }
  Lists read_lists(std::uint32_t begin, std::uint32_t) override {
    return {column_.offsets().data() + begin, column_.ids().data()};
  }

 private:
  const MemoryStrings& column_;
};

/// Java's order of strings, null first.
bool before(const std::optional<std::string_view>& left, const std::optional<std::string_view>& right) {
  if (!left || !right) return !left && right;
  return java_compare(*left, *right) < 0;
}

}  // namespace

template <class T>
storage::ValueType MemoryNumbers<T>::type() const noexcept {
  if constexpr (std::is_same_v<T, std::int64_t>) return storage::ValueType::kLong;
  return std::is_same_v<T, float> ? storage::ValueType::kFloat : storage::ValueType::kDouble;
}

template <class T>
template <class Wanted>
std::unique_ptr<storage::NumericReader<Wanted>> MemoryNumbers<T>::reader() const {
  if constexpr (std::is_same_v<T, Wanted>) return std::make_unique<NumbersReader<T>>(*this);
  return nullptr;
}

template <class T>
std::unique_ptr<storage::NumericReader<std::int64_t>> MemoryNumbers<T>::long_reader() const {
  return reader<std::int64_t>();
}
template <class T>
std::unique_ptr<storage::NumericReader<float>> MemoryNumbers<T>::float_reader() const {
  return reader<float>();
}
template <class T>
std::unique_ptr<storage::NumericReader<double>> MemoryNumbers<T>::double_reader() const {
  return reader<double>();
}

template class MemoryNumbers<std::int64_t>;
template class MemoryNumbers<float>;
template class MemoryNumbers<double>;

MemoryStrings::MemoryStrings(const std::vector<std::vector<Text>>& rows, bool multiple, std::string logical_type)
    : logical_type_(std::move(logical_type)) {
  for (const std::vector<Text>& row : rows) {
    values_.insert(values_.end(), row.begin(), row.end());
    if (!multiple && row.empty()) values_.emplace_back();
  }
  std::sort(values_.begin(), values_.end(), [](const Text& left, const Text& right) {
    poll();
    return before(left, right);
  });
  values_.erase(std::unique(values_.begin(), values_.end()), values_.end());
  if (multiple) offsets_.push_back(0);
  for (const std::vector<Text>& row : rows) {
    poll();
    for (const Text& text : row) ids_.push_back(*find(text));
    if (!multiple && row.empty()) ids_.push_back(0);
    if (multiple) offsets_.push_back(static_cast<std::uint32_t>(ids_.size()));
  }
}

MemoryStrings::MemoryStrings(const std::vector<Text>& rows, std::string logical_type)
    : values_(rows), logical_type_(std::move(logical_type)) {
  std::sort(values_.begin(), values_.end(), [](const Text& left, const Text& right) {
    poll();
    return before(left, right);
  });
  values_.erase(std::unique(values_.begin(), values_.end()), values_.end());
  ids_.reserve(rows.size());
  for (const Text& text : rows) {
    poll();
    ids_.push_back(*find(text));
  }
}

std::uint32_t MemoryStrings::row_count() const noexcept {
  return static_cast<std::uint32_t>(offsets_.empty() ? ids_.size() : offsets_.size() - 1);
}

std::unique_ptr<storage::StringReader> MemoryStrings::string_reader() const {
  return std::make_unique<StringsReader>(*this);
}

std::optional<std::string_view> MemoryStrings::value(std::uint32_t id) const {
  return values_[id] ? std::optional<std::string_view>(*values_[id]) : std::nullopt;
}

std::optional<std::uint32_t> MemoryStrings::find(std::optional<std::string_view> wanted) const {
  const auto found = std::lower_bound(values_.begin(), values_.end(), wanted, before);
  if (found == values_.end() || *found != wanted) return std::nullopt;
  return static_cast<std::uint32_t>(found - values_.begin());
}

std::uint32_t MemoryStrings::lower_bound(std::string_view wanted) const {
  const auto found = std::lower_bound(values_.begin(), values_.end(), std::optional<std::string_view>(wanted), before);
  return static_cast<std::uint32_t>(found - values_.begin());
}

namespace {

/// A complex value is no number.
class NoNumbers final : public storage::NumericReader<double> {
 public:
  const double* read(std::uint32_t, std::uint32_t size, double* scratch) override {
    std::fill_n(scratch, size, 0.0);
    return scratch;
  }
  bool read_nulls(std::uint32_t, std::uint32_t size, std::uint64_t* mask) override {
    fill_mask(mask, size, true);
    return true;
  }
};

class ComplexColumn final : public storage::Column {
 public:
  ComplexColumn(std::vector<std::optional<std::string>> rows, std::string type)
      : rows_(std::move(rows)), type_(std::move(type)) {}

  storage::ValueType type() const noexcept override { return storage::ValueType::kComplex; }
  std::uint32_t row_count() const noexcept override { return static_cast<std::uint32_t>(rows_.size()); }
  std::string_view complex_type() const noexcept override { return type_; }
  std::unique_ptr<storage::ComplexReader> complex_reader() const override { return std::make_unique<Reader>(*this); }
  std::unique_ptr<storage::NumericReader<double>> double_reader() const override {
    return std::make_unique<NoNumbers>();
  }

 private:
  class Reader final : public storage::ComplexReader {
   public:
    explicit Reader(const ComplexColumn& column) : column_(column) {}
    std::optional<std::span<const std::byte>> read(std::uint32_t row) override {
      const std::optional<std::string>& value = column_.rows_[row];
      if (!value) return std::nullopt;
      return std::as_bytes(std::span(value->data(), value->size()));
    }

   private:
    const ComplexColumn& column_;
  };

  std::vector<std::optional<std::string>> rows_;
  std::string type_;
};

/// Null, strings, longs, doubles, arrays: the order of kinds in a ValueDictionary.
int kind_rank(const Json& value) {
  if (value.is_null()) return 0;
  if (value.is_string()) return 1;
  if (value.is_integer()) return 2;
  return value.is_double() ? 3 : 4;
}

std::weak_ordering compare_json(const Json& left, const Json& right) {
  if (kind_rank(left) != kind_rank(right)) return kind_rank(left) <=> kind_rank(right);
  if (left.is_null()) return std::weak_ordering::equivalent;
  if (left.is_string()) return java_compare(left.string(), right.string());
  if (left.is_integer()) return left.integer() <=> right.integer();
  if (left.is_double()) return std::strong_order(left.number(), right.number());
  if (!left.is_array() || !right.is_array()) return left.dump() <=> right.dump();
  return std::lexicographical_compare_three_way(left.array().begin(), left.array().end(), right.array().begin(),
                                                right.array().end(), compare_json);
}

class MixedColumn final : public storage::Column, public storage::ValueDictionary {
 public:
  MixedColumn(std::vector<Json> rows, std::string logical_type, bool json)
      : logical_type_(std::move(logical_type)), json_(json), ids_(rows.size()) {
    std::vector<std::uint32_t> order(rows.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](std::uint32_t left, std::uint32_t right) {
      poll();
      return compare_json(rows[left], rows[right]) < 0;
    });
    for (const std::uint32_t row : order) {
      if (values_.empty() || compare_json(values_.back(), rows[row]) != 0) values_.push_back(std::move(rows[row]));
      ids_[row] = static_cast<std::uint32_t>(values_.size() - 1);
    }
  }

  storage::ValueType type() const noexcept override {
    return json_ ? storage::ValueType::kComplex : storage::ValueType::kVariant;
  }
  std::string_view complex_type() const noexcept override { return json_ ? "json" : ""; }
  std::string logical_type() const override { return logical_type_; }
  std::uint32_t row_count() const noexcept override { return static_cast<std::uint32_t>(ids_.size()); }
  const storage::ValueDictionary* value_dictionary() const override { return json_ ? nullptr : this; }
  std::unique_ptr<storage::IdReader> id_reader() const override {
    return json_ ? nullptr : std::make_unique<Ids>(*this);
  }
  std::unique_ptr<storage::StructuredReader> structured_reader() const override {
    return std::make_unique<Values>(*this);
  }

  std::uint32_t size() const noexcept override { return static_cast<std::uint32_t>(values_.size()); }
  Json value(std::uint32_t id) const override { return values_[id]; }

 private:
  class Ids final : public storage::IdReader {
   public:
    explicit Ids(const MixedColumn& column) : column_(column) {}
    const std::uint32_t* read(std::uint32_t begin, std::uint32_t, std::uint32_t*) override {
      return column_.ids_.data() + begin;
    }

   private:
    const MixedColumn& column_;
  };
  class Values final : public storage::StructuredReader {
   public:
    explicit Values(const MixedColumn& column) : column_(column) {}
    Json read(std::uint32_t row) override { return column_.values_[column_.ids_[row]]; }

   private:
    const MixedColumn& column_;
  };

  std::string logical_type_;
  bool json_;
  std::vector<Json> values_;
  std::vector<std::uint32_t> ids_;
};

}  // namespace

std::unique_ptr<storage::Column> make_complex_column(std::vector<std::optional<std::string>> rows, std::string type) {
  return std::make_unique<ComplexColumn>(std::move(rows), std::move(type));
}

std::unique_ptr<storage::Column> make_mixed_column(std::vector<Json> rows, std::string logical_type, bool json) {
  return std::make_unique<MixedColumn>(std::move(rows), std::move(logical_type), json);
}

}  // namespace sarsen::engine
