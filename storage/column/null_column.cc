// Columns in which every row is null: a part without bytes. Reads as a string column whose dictionary is null alone,
// or, where the descriptor says so, as numbers or objects that are all null.
#include <algorithm>
#include <utility>
#include <vector>

#include "storage/bitmap/bitmap.h"
#include "storage/column/column_source.h"

namespace sarsen::storage {

namespace {

template <class T>
class NullNumericReader final : public NumericReader<T> {
 public:
  const T* read(std::uint32_t, std::uint32_t count, T* scratch) override {
    std::fill_n(scratch, count, T{0});
    return scratch;
  }

  bool read_nulls(std::uint32_t, std::uint32_t count, std::uint64_t* words) override {
    if (count == 0) return false;
    const std::uint32_t last = (count - 1) / 64;
    std::fill_n(words, last, ~0ULL);
    words[last] = ~0ULL >> (63 - (count - 1) % 64);
    return true;
  }
};

class NullStringReader final : public StringReader {
 public:
  const std::uint32_t* read_ids(std::uint32_t, std::uint32_t count, std::uint32_t* scratch) override {
    std::fill_n(scratch, count, 0U);
    return scratch;
  }

  Lists read_lists(std::uint32_t, std::uint32_t count) override {
    offsets_.resize(static_cast<std::size_t>(count) + 1);
    for (std::uint32_t i = 0; i <= count; ++i) offsets_[i] = i;
    ids_.assign(count, 0);
    return {offsets_.data(), ids_.data()};
  }

 private:
  std::vector<std::uint32_t> offsets_;
  std::vector<std::uint32_t> ids_;
};

class NullComplexReader final : public ComplexReader {
 public:
  std::optional<std::span<const std::byte>> read(std::uint32_t) override { return std::nullopt; }
};

class NullDictionary final : public Dictionary {
 public:
  std::uint32_t size() const noexcept override { return 1; }
  std::optional<std::string_view> value(std::uint32_t) const override { return std::nullopt; }
  bool sorted() const noexcept override { return true; }
  std::optional<std::uint32_t> find(std::optional<std::string_view> value) const override {
    return value ? std::nullopt : std::optional<std::uint32_t>(0);
  }
  std::uint32_t lower_bound(std::string_view) const override { return 1; }
};

class NullBitmapIndex final : public BitmapIndex {
 public:
  explicit NullBitmapIndex(std::uint32_t row_count) : row_count_(row_count) {}
  std::uint32_t size() const noexcept override { return 1; }
  std::uint64_t cardinality(std::uint32_t) const override { return row_count_; }
  void or_into(std::uint32_t, std::span<std::uint64_t> words) const override {
    RowBits(words, row_count_).add_range(0, row_count_);
  }

 private:
  std::uint32_t row_count_;
};

class NullColumn final : public Column {
 public:
  NullColumn(ValueType type, std::string complex_type, std::uint32_t row_count, std::size_t size_bytes)
      : type_(type),
        complex_type_(std::move(complex_type)),
        size_bytes_(size_bytes),
        bitmaps_(row_count),
        row_count_(row_count) {}

  ValueType type() const noexcept override { return type_; }
  std::uint32_t row_count() const noexcept override { return row_count_; }
  std::string_view complex_type() const noexcept override { return complex_type_; }
  std::size_t size_bytes() const noexcept override { return size_bytes_; }
  std::string encoding() const override { return "all null"; }

  std::unique_ptr<NumericReader<std::int64_t>> long_reader() const override {
    return reader<NullNumericReader<std::int64_t>>(ValueType::kLong);
  }
  std::unique_ptr<NumericReader<float>> float_reader() const override {
    return reader<NullNumericReader<float>>(ValueType::kFloat);
  }
  std::unique_ptr<NumericReader<double>> double_reader() const override {
    return reader<NullNumericReader<double>>(ValueType::kDouble);
  }
  std::unique_ptr<StringReader> string_reader() const override { return reader<NullStringReader>(ValueType::kString); }
  std::unique_ptr<ComplexReader> complex_reader() const override {
    return reader<NullComplexReader>(ValueType::kComplex);
  }
  const Dictionary* dictionary() const override { return type_ == ValueType::kString ? &dictionary_ : nullptr; }
  const BitmapIndex* bitmap_index() const override { return type_ == ValueType::kString ? &bitmaps_ : nullptr; }

 private:
  template <class Reader>
  std::unique_ptr<Reader> reader(ValueType type) const {
    return type == type_ ? std::make_unique<Reader>() : nullptr;
  }

  ValueType type_;
  std::string complex_type_;
  std::size_t size_bytes_;
  NullDictionary dictionary_;
  NullBitmapIndex bitmaps_;
  std::uint32_t row_count_;
};

}  // namespace

std::unique_ptr<Column> parse_null_column(const ColumnSource& source) {
  const std::int64_t rows = JsonField(source.part)["numRows"].integer();
  source.reader.check(rows == source.row_count, "wrong number of rows");
  return std::make_unique<NullColumn>(source.value_type, JsonField(source.part)["typeName"].string_or(""),
                                      source.row_count, source.size_bytes);
}

std::unique_ptr<Column> make_null_column(ValueType type, std::string complex_type, std::uint32_t row_count) {
  return std::make_unique<NullColumn>(type, std::move(complex_type), row_count, 0);
}

}  // namespace sarsen::storage
