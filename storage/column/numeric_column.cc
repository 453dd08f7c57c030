// Columns of longs, floats and doubles: part "long" is the values alone, "longV2" and its kin are their size, the
// values, and a bitmap of the null rows where there are any.
#include <type_traits>
#include <utility>

#include "storage/bitmap/null_rows.h"
#include "storage/column/column_source.h"
#include "storage/column/mapped_numeric_reader.h"
#include "storage/column/numeric_values.h"
#include "storage/narrow/narrow_numbers.h"
#include "storage/narrow/narrow_reader.h"
#include "storage/narrow/number_ids.h"

namespace sarsen::storage {

namespace {

/// Says how much was read of the stored form.
template <class T>
class CountedReader final : public NumericReader<T> {
 public:
  CountedReader(NarrowNumbers<T>& narrow, const NumericValues<T>& values, const NullRows& nulls, const Place& place)
      : narrow_(&narrow), stored_(values, nulls, place) {}
  ~CountedReader() override { narrow_->note_read(rows_); }
  CountedReader(const CountedReader&) = delete;
  CountedReader& operator=(const CountedReader&) = delete;

  const T* read(std::uint32_t begin, std::uint32_t count, T* scratch) override {
    rows_ += count;
    return stored_.read(begin, count, scratch);
  }
  bool read_nulls(std::uint32_t begin, std::uint32_t count, std::uint64_t* words) override {
    return stored_.read_nulls(begin, count, words);
  }

 private:
  NarrowNumbers<T>* narrow_;
  MappedNumericReader<T> stored_;
  std::uint64_t rows_ = 0;
};

/// Floats have no narrow form.
struct NoNarrowForm {
  template <class Values>
  explicit NoNarrowForm(const Values&) noexcept {}
};
template <class T>
using Narrow = std::conditional_t<std::is_same_v<T, float>, NoNarrowForm, NarrowNumbers<T>>;

/// Only longs have ids.
struct NoNumberIds {
  template <class Values, class Narrow>
  NoNumberIds(const Values&, const NullRows&, const Narrow*) noexcept {}
};
template <class T>
using Numbered = std::conditional_t<std::is_same_v<T, std::int64_t>, NumberedLongs, NoNumberIds>;

template <class T>
class MappedNumericColumn final : public Column, public HasNumberIds {
 public:
  MappedNumericColumn(const ColumnSource& source, NumericValues<T> values, NullRows nulls)
      : values_(std::move(values)),
        narrow_(values_),
        nulls_(std::move(nulls)),
        numbered_(values_, nulls_, &narrow_),
        place_(source.place),
        size_bytes_(source.size_bytes) {}

  ValueType type() const noexcept override {
    if constexpr (std::is_same_v<T, std::int64_t>) return ValueType::kLong;
    return std::is_same_v<T, float> ? ValueType::kFloat : ValueType::kDouble;
  }
  std::uint32_t row_count() const noexcept override { return values_.size(); }
  bool may_have_nulls() const noexcept override { return nulls_.any(); }
  std::size_t size_bytes() const noexcept override { return size_bytes_; }
  std::string encoding() const override { return values_.encoding() + (nulls_.any() ? ", nulls" : ""); }

  std::unique_ptr<NumericReader<std::int64_t>> long_reader() const override { return reader<std::int64_t>(); }
  std::unique_ptr<NumericReader<float>> float_reader() const override { return reader<float>(); }
  std::unique_ptr<NumericReader<double>> double_reader() const override { return reader<double>(); }

  NumberedLongs* numbered() const noexcept override {
    if constexpr (std::is_same_v<T, std::int64_t>) return &numbered_;
    return nullptr;
  }

 private:
  template <class Wanted>
  std::unique_ptr<NumericReader<Wanted>> reader() const {
    if constexpr (std::is_same_v<Wanted, float> && std::is_same_v<T, float>) {
      return std::make_unique<MappedNumericReader<T>>(values_, nulls_, place_);
    } else if constexpr (std::is_same_v<Wanted, T>) {
      if (narrow_.form() != nullptr) return std::make_unique<NarrowReader<T>>(narrow_, nulls_);
      return std::make_unique<CountedReader<T>>(narrow_, values_, nulls_, place_);
    } else {
      return nullptr;
    }
  }

  NumericValues<T> values_;
  mutable Narrow<T> narrow_;
  NullRows nulls_;
  mutable Numbered<T> numbered_;
  Place place_;
  std::size_t size_bytes_;
};

}  // namespace

template <class T>
std::unique_ptr<Column> parse_numeric_column(const ColumnSource& source) {
  NumericValues<T> values(source.reader, source.byte_order(), source.files, source.place);
  source.reader.check(values.size() == source.row_count, "wrong number of rows");
  return std::make_unique<MappedNumericColumn<T>>(source, std::move(values), NullRows());
}

template <class T>
std::unique_ptr<Column> parse_numeric_column_v2(const ColumnSource& source) {
  const std::uint32_t values_bytes = source.reader.read_be<std::uint32_t>();
  ByteReader values_reader = source.reader.reader(values_bytes, "values");
  NumericValues<T> values(values_reader, source.byte_order(), source.files, source.place);
  values_reader.check(values_reader.at_end(), "bytes left over");
  values_reader.check(values.size() == source.row_count, "wrong number of rows");
  NullRows nulls;
  if (!source.reader.at_end()) {
    const std::uint32_t bitmap_bytes = source.reader.read_be<std::uint32_t>();
    nulls = NullRows(bitmap_encoding_of(source.part), source.reader.bytes(bitmap_bytes), source.row_count);
  }
  return std::make_unique<MappedNumericColumn<T>>(source, std::move(values), std::move(nulls));
}

template std::unique_ptr<Column> parse_numeric_column<std::int64_t>(const ColumnSource&);
template std::unique_ptr<Column> parse_numeric_column<float>(const ColumnSource&);
template std::unique_ptr<Column> parse_numeric_column<double>(const ColumnSource&);
template std::unique_ptr<Column> parse_numeric_column_v2<std::int64_t>(const ColumnSource&);
template std::unique_ptr<Column> parse_numeric_column_v2<float>(const ColumnSource&);
template std::unique_ptr<Column> parse_numeric_column_v2<double>(const ColumnSource&);

}  // namespace sarsen::storage
