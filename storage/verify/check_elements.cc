// Elements of arrays: their dictionary has each element of each array, and the bitmap of an element the rows whose
// array has it.
#include <fmt/format.h>

#include <map>
#include <optional>
#include <vector>

#include "storage/verify/checks.h"

namespace sarsen::storage {
namespace {

using Elements = std::map<std::string, std::uint32_t>;  // the element as JSON, and its id

Elements elements_of(const ValueDictionary& dictionary) {
  Elements elements;
  for (std::uint32_t id = 0; id < dictionary.size(); ++id) elements.emplace(dictionary.value(id).dump(), id);
  return elements;
}

/// The ids of the elements of an array; those that the dictionary lacks are damage.
std::vector<std::uint32_t> ids_of(const CheckedColumn& checked, const Elements& elements, const Json& array) {
  std::vector<std::uint32_t> ids;
  for (const Json& element : array.array()) {
    const auto found = elements.find(element.dump());
    if (found != elements.end()) {
      ids.push_back(found->second);
    } else {
      checked.findings.damage(checked.name, "elements", "the dictionary of elements lacks " + element.dump());
    }
  }
  return ids;
}

/// Calls visit(element, row) for each element of each row's array, rows ascending within an array.
template <class Visit>
void for_each_element(const CheckedColumn& checked, const Elements& elements, const RowsById& rows, Visit visit) {
  const ValueDictionary& dictionary = *checked.column.value_dictionary();
  for (std::uint32_t id = 0; id < dictionary.size(); ++id) {
    const Json value = dictionary.value(id);
    if (!value.is_array()) continue;
    const std::vector<std::uint32_t> ids = ids_of(checked, elements, value);
    for (const std::uint32_t element : ids)
      for (const std::uint32_t row : rows.rows(id)) visit(element, row);
  }
}

}  // namespace

void check_elements(const CheckedColumn& checked, const RowsById& ids) {
  const ValueDictionary& dictionary = *checked.column.element_dictionary();
  const Elements elements = elements_of(dictionary);
  std::vector<std::vector<std::uint32_t>> elements_of_row(ids.row_count());
  RowsById rows(dictionary.size(), ids.row_count());
  for_each_element(checked, elements, ids, [&](std::uint32_t element, std::uint32_t row) {
    rows.count(element);
    elements_of_row[row].push_back(element);
  });
  rows.begin_adding();
  for (std::uint32_t row = 0; row < ids.row_count(); ++row)
    for (const std::uint32_t element : elements_of_row[row]) rows.add(element, row);
  check_bitmaps(checked, *checked.column.element_index(), rows, std::nullopt, "bitmaps of elements");
}

}  // namespace sarsen::storage
