#include "storage/nested/value_column.h"

#include <utility>

#include "storage/base/check.h"
#include "storage/column/mapped_numeric_reader.h"
#include "storage/column/single_value_reader.h"

namespace sarsen::storage {

namespace {

class ValueIdReader final : public IdReader {
 public:
  ValueIdReader(const PackedIds& ids, std::uint32_t dictionary_size, const Place& place)
      : ids_(ids, dictionary_size, place) {}

  const std::uint32_t* read(std::uint32_t begin, std::uint32_t count, std::uint32_t* scratch) override {
    return ids_.read(begin, count, scratch);
  }

 private:
  PackedIdsReader ids_;
};

class ValueReader final : public StructuredReader {
 public:
  ValueReader(const PackedIds& ids, const ValueDictionary& values, const Place& place)
      : ids_(ids, values.size(), place), values_(&values) {}

  Json read(std::uint32_t row) override {
    std::uint32_t scratch = 0;
    return values_->value(*ids_.read(row, 1, &scratch));
  }

 private:
  PackedIdsReader ids_;
  const ValueDictionary* values_;
};

}  // namespace

ValueColumn::ValueColumn(ValueColumnParts parts, std::uint32_t row_count, const Place& place)
    : parts_(std::move(parts)), ids_place_(place.with_part("ids")), numbers_place_(place.with_part("numbers")) {
  check(row_count);
}

void ValueColumn::check(std::uint32_t row_count) const {
  check_format(parts_.ids->size() == row_count, "wrong number of rows");
  check_format(!parts_.longs || parts_.longs->size() == row_count, "wrong number of longs");
  check_format(!parts_.doubles || parts_.doubles->size() == row_count, "wrong number of doubles");
  check_format(parts_.type != ValueType::kLong || parts_.longs, "longs without their values");
  check_format(parts_.type != ValueType::kDouble || parts_.doubles, "doubles without their values");
  check_format(parts_.type != ValueType::kString || dictionary() != nullptr, "strings without a dictionary");
  check_format(!parts_.bitmaps || parts_.bitmaps->size() == value_dictionary()->size(),
               "bitmaps and dictionary differ in size");
  check_format(
      !parts_.elements || (parts_.element_bitmaps && parts_.element_bitmaps->size() == parts_.elements->size()),
      "bitmaps and dictionary of elements differ in size");
}

std::string ValueColumn::encoding() const {
  std::string text = parts_.local ? "" : parts_.global->encoding();
  const auto add = [&text](const std::string& word) { text += (text.empty() ? "" : ", ") + word; };
  add(parts_.ids->encoding());
  if (parts_.longs) add("longs, " + parts_.longs->encoding());
  if (parts_.doubles) add("doubles, " + parts_.doubles->encoding());
  if (parts_.bitmaps) add(std::string(name_of(parts_.bitmaps->encoding())) + " bitmaps");
  return text;
}

std::unique_ptr<NumericReader<std::int64_t>> ValueColumn::long_reader() const {
  if (parts_.type != ValueType::kLong) return nullptr;
  return std::make_unique<MappedNumericReader<std::int64_t>>(*parts_.longs, parts_.nulls, numbers_place_);
}

std::unique_ptr<NumericReader<double>> ValueColumn::double_reader() const {
  if (parts_.type != ValueType::kDouble) return nullptr;
  return std::make_unique<MappedNumericReader<double>>(*parts_.doubles, parts_.nulls, numbers_place_);
}

std::unique_ptr<StringReader> ValueColumn::string_reader() const {
  if (parts_.type != ValueType::kString) return nullptr;
  return std::make_unique<SingleValueReader>(*parts_.ids, dictionary()->size(), ids_place_);
}

std::unique_ptr<IdReader> ValueColumn::id_reader() const {
  return std::make_unique<ValueIdReader>(*parts_.ids, value_dictionary()->size(), ids_place_);
}

std::unique_ptr<StructuredReader> ValueColumn::structured_reader() const {
  if (parts_.type != ValueType::kVariant) return nullptr;
  return std::make_unique<ValueReader>(*parts_.ids, *value_dictionary(), ids_place_);
}

const Dictionary* ValueColumn::dictionary() const {
  if (parts_.type != ValueType::kString) return nullptr;
  return parts_.local ? parts_.local_strings.get() : parts_.global->strings();
}

const ValueDictionary* ValueColumn::value_dictionary() const {
  if (parts_.local) return parts_.local.get();
  return parts_.global.get();
}

void set_nulls(const GenericIndexed& bitmaps, bool begins_with_null, BitmapEncoding encoding, std::uint32_t row_count,
               ValueColumnParts& parts) {
  parts.may_have_nulls = false;
  if (!begins_with_null || bitmaps.size() == 0) return;
  const std::span<const std::byte> bitmap = bitmaps.element(0).bytes;
  const bool numbers = parts.type == ValueType::kLong || parts.type == ValueType::kDouble;
  if (numbers) parts.nulls = NullRows(encoding, bitmap, row_count);
  parts.may_have_nulls = numbers ? parts.nulls.any() : bitmap_cardinality(encoding, bitmap) > 0;
}

}  // namespace sarsen::storage
