// A column of longs that are all the same: the time of a projection that is not by time.
#include <algorithm>

#include "storage/column/column_source.h"

namespace sarsen::storage {

namespace {

class ConstantReader final : public NumericReader<std::int64_t> {
 public:
  explicit ConstantReader(std::int64_t value) : value_(value) {}

  const std::int64_t* read(std::uint32_t, std::uint32_t count, std::int64_t* scratch) override {
    std::fill_n(scratch, count, value_);
    return scratch;
  }
  bool read_nulls(std::uint32_t, std::uint32_t, std::uint64_t*) override { return false; }

 private:
  std::int64_t value_;
};

class ConstantColumn final : public Column {
 public:
  ConstantColumn(std::int64_t value, std::uint32_t row_count) : value_(value), row_count_(row_count) {}

  ValueType type() const noexcept override { return ValueType::kLong; }
  std::uint32_t row_count() const noexcept override { return row_count_; }
  bool may_have_nulls() const noexcept override { return false; }
  std::string encoding() const override { return "constant"; }
  std::unique_ptr<NumericReader<std::int64_t>> long_reader() const override {
    return std::make_unique<ConstantReader>(value_);
  }

 private:
  std::int64_t value_;
  std::uint32_t row_count_;
};

}  // namespace

std::unique_ptr<Column> make_constant_column(std::int64_t value, std::uint32_t row_count) {
  return std::make_unique<ConstantColumn>(value, row_count);
}

}  // namespace sarsen::storage
