#pragma once
// A row as the parser hands it on: raw values by field number (field_table.h), and the fields that it holds in their
// order.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "ingest/row/raw_value.h"

namespace sarsen::ingest {

class RawRow {
 public:
  const RawValue& value(std::uint32_t field) const noexcept { return is_set(field) ? values_[field] : kMissingValue; }
  /// Fields in the order of the document; one named twice is here once.
  std::span<const std::uint32_t> fields() const noexcept { return {fields_.data(), field_count_}; }

  /// Fields that every row of its format has, be it without a value: dimensions are discovered by them first.
  std::span<const std::uint32_t> declared() const noexcept { return declared_; }
  /// Until the row is cleared, for which `fields` must stay.
  void declare(std::span<const std::uint32_t> fields) noexcept { declared_ = fields; }

  /// A field set again takes the later value, as in Jackson.
  void set(std::uint32_t field, const RawValue& value) { slot(field) = value; }

  /// Where the field's value is to be put at once, which must not be kMissing. Good until another field is set.
  RawValue& slot(std::uint32_t field) {
    if (field >= values_.size()) grow(field + 1);
    if (values_[field].kind == RawValue::Kind::kMissing) fields_[field_count_++] = field;
    return values_[field];
  }

  /// A value that can be asked for, of a field that the row does not list: dimensions are not discovered by it. Takes
  /// the place of a value that is there.
  void set_unlisted(std::uint32_t field, const RawValue& value) {
    if (field >= values_.size()) grow(field + 1);
    if (values_[field].kind == RawValue::Kind::kMissing) unlisted_.push_back(field);
    values_[field] = value;
  }

  /// Fields of which `lists(field)` is false become unlisted. What is listed then stays so, whatever value it gets.
  template <class Lists>
  void settle_listing(const Lists& lists) {
    const auto begin = fields_.begin(), end = begin + static_cast<std::ptrdiff_t>(field_count_);
    const auto unlisted = std::stable_partition(begin, end, lists);
    unlisted_.insert(unlisted_.end(), unlisted, end);
    field_count_ = static_cast<std::size_t>(unlisted - begin);
    listing_settled_ = true;
  }
  bool listing_settled() const noexcept { return listing_settled_; }

  /// Whether the field is one of fields() or of declared().
  bool lists(std::uint32_t field) const noexcept {
    const auto has = [field](std::span<const std::uint32_t> all) {
      return std::find(all.begin(), all.end(), field) != all.end();
    };
    return has(fields()) || has(declared_);
  }
  /// Whether the field's value was set for those only who ask for it.
  bool is_unlisted(std::uint32_t field) const noexcept {
    return std::find(unlisted_.begin(), unlisted_.end(), field) != unlisted_.end() && !lists(field);
  }

  void clear() noexcept {
    for (const std::uint32_t field : fields()) values_[field].kind = RawValue::Kind::kMissing;
    for (const std::uint32_t field : unlisted_) values_[field].kind = RawValue::Kind::kMissing;
    field_count_ = 0;
    unlisted_.clear();
    declared_ = {};
    listing_settled_ = false;
  }

 private:
  static constexpr RawValue kMissingValue{};

  bool is_set(std::uint32_t field) const noexcept {
    return field < values_.size() && values_[field].kind != RawValue::Kind::kMissing;
  }
  [[gnu::noinline]] void grow(std::size_t size) {
    values_.resize(size);
    fields_.resize(size);  // each is there once
  }

  std::vector<RawValue> values_;  // by field; of one that is missing only the kind counts
  std::vector<std::uint32_t> fields_;
  std::size_t field_count_ = 0;
  std::vector<std::uint32_t> unlisted_;
  std::span<const std::uint32_t> declared_;
  bool listing_settled_ = false;
};

}  // namespace sarsen::ingest
