#include "ingest/merge/merged_schema.h"

#include <algorithm>
#include <set>

#include "storage/base/error.h"
#include "storage/base/java_order.h"

namespace sarsen::ingest {
namespace {

using Names = std::vector<std::string>;
using storage::Column;
using storage::ValueType;

/// True where `names` occur in `order` in their order.
bool agrees(const Names& names, const Names& order) {
  auto place = order.begin();
  for (const std::string& name : names) {
    place = std::find(place, order.end(), name);
    if (place == order.end()) return false;
    ++place;
  }
  return true;
}

bool all_agree(const Sources& sources, const Names& order) {
  return std::all_of(sources.begin(), sources.end(),
                     [&](const SourceRows& source) { return agrees(source.segment->dimensions(), order); });
}

/// The longest order of a segment if it suits all; else the one asked for, if it does; else by name.
Names merged_dimensions(const Sources& sources, Names wanted) {
  const Names* longest = &sources.front().segment->dimensions();
  std::set<std::string, JavaLess> all;
  for (const SourceRows& source : sources) {
    const Names& names = source.segment->dimensions();
    if (names.size() > longest->size()) longest = &names;
    all.insert(names.begin(), names.end());
  }
  if (all_agree(sources, *longest)) return *longest;
  std::erase_if(wanted, [&](const std::string& name) { return !all.contains(name); });
  if (wanted.size() == all.size() && all_agree(sources, wanted)) return wanted;
  return {all.begin(), all.end()};
}

Names merged_metrics(const Sources& sources) {
  std::set<std::string, JavaLess> all;
  for (const SourceRows& source : sources)
    all.insert(source.segment->metrics().begin(), source.segment->metrics().end());
  return {all.begin(), all.end()};
}

/// How many of `dimensions` come before __time: as all segments say, or none where they do not agree.
std::size_t time_place(const Sources& sources, const Names& dimensions) {
  std::optional<Names> before;
  for (const SourceRows& source : sources) {
    Names ordering = stated_ordering(*source.segment);
    ordering.erase(std::find(ordering.begin(), ordering.end(), storage::kTimeColumn), ordering.end());
    // Some may not be stored: they held only nulls.
    std::erase_if(ordering, [&](const std::string& name) { return std::ranges::count(dimensions, name) == 0; });
    if (before && *before != ordering) return 0;
    before = std::move(ordering);
  }
  const bool first =
      before->size() <= dimensions.size() && std::equal(before->begin(), before->end(), dimensions.begin());
  return first ? before->size() : 0;
}

/// A string column that says nothing of its type.
bool only_nulls(const Column& column) {
  const storage::Dictionary* dictionary = column.dictionary();
  if (column.type() != ValueType::kString || dictionary == nullptr || is_structured(column)) return false;
  return dictionary->size() == 0 || (dictionary->size() == 1 && !dictionary->value(0));
}

MergedKind kind_of(const Column& column) {
  if (is_structured(column)) return MergedKind::kStructured;
  switch (column.type()) {
    case ValueType::kLong:
      return MergedKind::kLong;
    case ValueType::kFloat:
      return MergedKind::kFloat;
    case ValueType::kDouble:
      return MergedKind::kDouble;
    case ValueType::kComplex:
      return MergedKind::kComplex;
    default:
      return MergedKind::kString;
  }
}

[[noreturn]] void refuse_types(const MergedColumn& column, const Column& left, const Column& right) {
  throw Error(ErrorCategory::kInvalidInput, "Cannot merge segments in which a column has different types: \"" +
                                                column.name + "\" is " + left.logical_type() + " and " +
                                                right.logical_type());
}

/// The type that all columns enforce.
std::string enforced_type(const std::vector<const Column*>& columns) {
  std::set<std::string> types;
  for (const Column* column : columns)
    if (column != nullptr) types.insert(column->enforces_type() ? column->logical_type() : "");
  return types.size() == 1 ? *types.begin() : "";
}

/// Auto columns take values of any type. All others must agree.
void set_kind(MergedColumn& merged) {
  const Column* first = nullptr;
  for (const Column* column : merged.columns) {
    if (column == nullptr || only_nulls(*column)) continue;
    if (first == nullptr || (is_structured(*column) && !is_structured(*first))) first = column;
    merged.json = merged.json || column->complex_type() == "json";
  }
  if (first == nullptr) return;
  merged.kind = kind_of(*first);
  merged.complex_type = first->complex_type();
  for (const Column*& column : merged.columns) {
    if (column == nullptr) continue;
    const bool same = kind_of(*column) == merged.kind && column->complex_type() == merged.complex_type;
    const bool taken = merged.kind == MergedKind::kStructured && column->type() != ValueType::kComplex;
    if (!same && only_nulls(*column))
      column = nullptr;
    else if (!same && !taken && !is_structured(*column))
      refuse_types(merged, *first, *column);
  }
  if (merged.kind == MergedKind::kStructured && !merged.json) merged.cast_to = enforced_type(merged.columns);
}

/// The live index has no bitmaps and says nothing; it shows by its dictionary that it is one.
bool lacks_bitmaps(const Column& column) {
  return column.bitmap_index() == nullptr && column.dictionary() != nullptr && column.dictionary()->sorted();
}

MergedColumn merge_column(const Sources& sources, const std::string& name, bool dimension) {
  MergedColumn merged{.name = name, .columns = {}};
  for (const SourceRows& source : sources) {
    const Names& others = dimension ? source.segment->metrics() : source.segment->dimensions();
    if (std::ranges::count(others, name) != 0)
      throw Error(ErrorCategory::kInvalidInput,
                  "Cannot merge segments in which a column is a dimension and a metric: \"" + name + "\"");
    merged.columns.push_back(source.segment->column(name));
  }
  set_kind(merged);
  for (const Column* column : merged.columns) {
    if (column == nullptr || merged.kind != MergedKind::kString) continue;
    merged.multiple_values = merged.multiple_values || column->multiple_values();
    merged.bitmap_index = merged.bitmap_index && (only_nulls(*column) || !lacks_bitmaps(*column));
    merged.spatial_index = merged.spatial_index || column->spatial_index() != nullptr;
  }
  if (dimension && merged.kind == MergedKind::kComplex)
    throw Error(ErrorCategory::kUnsupported, "A dimension of this type cannot be sorted by: \"" + name +
                                                 "\" is COMPLEX<" + merged.complex_type + ">");
  return merged;
}

}  // namespace

bool is_structured(const Column& column) {
  return column.type() == ValueType::kVariant || column.value_dictionary() != nullptr ||
         column.complex_type() == "json";
}

std::vector<std::string> stated_ordering(const storage::Segment& segment) {
  Names names;
  if (segment.metadata().is_object())
    for (const JsonField& column : JsonField(segment.metadata())["ordering"].elements())
      names.push_back(column["columnName"].string());
  if (std::ranges::count(names, storage::kTimeColumn) == 0) return {std::string(storage::kTimeColumn)};
  return names;
}

std::size_t count_before_time(const Names& dimensions, const Names& before_time) {
  const auto is_behind = [&](const std::string& name) { return std::ranges::count(before_time, name) == 0; };
  return static_cast<std::size_t>(std::ranges::find_if(dimensions, is_behind) - dimensions.begin());
}

MergedSchema merge_schemas(const Sources& sources, const MergeOptions& options) {
  MergedSchema schema;
  const Names dimensions = merged_dimensions(sources, options.dimension_order);
  for (const std::string& name : dimensions) schema.dimensions.push_back(merge_column(sources, name, true));
  for (const std::string& name : merged_metrics(sources)) schema.metrics.push_back(merge_column(sources, name, false));
  schema.time_place =
      options.before_time ? count_before_time(dimensions, *options.before_time) : time_place(sources, dimensions);
  return schema;
}

}  // namespace sarsen::ingest
