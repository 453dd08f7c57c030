// Strings: the dictionary ascends in Java's order without repeats, null first, all of it UTF-8; ids are in range (the
// reader proves that); bitmaps hold the rows of their values.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "storage/base/java_order.h"
#include "storage/base/utf8.h"
#include "storage/verify/checks.h"

namespace sarsen::storage {
namespace {

constexpr std::uint32_t kStep = 2048;

using Value = std::optional<std::string_view>;

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const Utf8Step step = next_code_point(text);
    if (!step.valid) return false;
    text.remove_prefix(step.size);
  }
  return true;
}

bool ascend(const Value& before, const Value& value) {
  if (!value) return false;
  return !before || java_compare(*before, *value) < 0;
}

bool is_empty(const Value& value) { return !value || value->empty(); }

void check_dictionary(const CheckedColumn& checked, const Dictionary& dictionary) {
  if (dictionary.size() == 0 && checked.column.row_count() > 0)
    checked.findings.damage(checked.name, "dictionary", "it has no values; Druid cannot load such a column");
  Value before;
  for (std::uint32_t id = 0; id < dictionary.size(); ++id) {
    const Value value = dictionary.value(id);
    if (value && !is_utf8(*value))
      checked.findings.damage(checked.name, "dictionary", fmt::format("value {} is not UTF-8", id));
    if (id > 0 && !ascend(before, value)) {
      const std::string problem = fmt::format("value {} does not come after the one before it", id);
      if (id == 1 && checked.oldest_writers && is_empty(before) && is_empty(value))
        checked.findings.note(checked.name, "dictionary", problem + " (Druid 0.8 wrote two empty values)");
      else
        checked.findings.damage(checked.name, "dictionary", problem);
    }
    before = value;
  }
}

/// Calls visit(row, id) for each value; rows without values count as `empty_id` where there is one.
template <class Visit>
void for_each_id(const Column& column, std::optional<std::uint32_t> empty_id, Visit&& visit) {
  const auto reader = column.string_reader();
  std::array<std::uint32_t, kStep> scratch;
  for (std::uint32_t begin = 0; begin < column.row_count(); begin += kStep) {
    const std::uint32_t count = std::min(kStep, column.row_count() - begin);
    if (!column.multiple_values()) {
      const std::uint32_t* ids = reader->read_ids(begin, count, scratch.data());
      for (std::uint32_t i = 0; i < count; ++i) visit(begin + i, ids[i]);
      continue;
    }
    const StringReader::Lists lists = reader->read_lists(begin, count);
    for (std::uint32_t i = 0; i < count; ++i) {
      if (lists.offsets[i] == lists.offsets[i + 1] && empty_id) visit(begin + i, *empty_id);
      for (std::uint32_t k = lists.offsets[i]; k < lists.offsets[i + 1]; ++k) visit(begin + i, lists.ids[k]);
    }
  }
}

}  // namespace

void check_strings(const CheckedColumn& checked) {
  const Dictionary& dictionary = *checked.column.dictionary();
  check_dictionary(checked, dictionary);
  // Old versions wrote null as the empty string, and rows without values belong to either.
  std::optional<std::uint32_t> empty_id;
  if (dictionary.size() > 0 && is_empty(dictionary.value(0))) empty_id = 0;
  RowsById rows(dictionary.size(), checked.column.row_count());
  for_each_id(checked.column, empty_id, [&](std::uint32_t, std::uint32_t id) { rows.count(id); });
  if (checked.column.bitmap_index() == nullptr && checked.column.spatial_index() == nullptr) return;
  rows.begin_adding();
  for_each_id(checked.column, empty_id, [&](std::uint32_t row, std::uint32_t id) { rows.add(id, row); });
  if (checked.column.bitmap_index() != nullptr)
    check_bitmaps(checked, *checked.column.bitmap_index(), rows, checked.oldest_writers ? empty_id : std::nullopt);
  if (checked.column.spatial_index() != nullptr) check_spatial(checked, rows);
}

}  // namespace sarsen::storage
