#pragma once
// Druid's flattenSpec: fields that are found inside a document, beside or instead of those at its top. Immutable;
// thread-safe.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/row/raw_value.h"
#include "ingest/row/row_arena.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

/// Finds one field in a document.
class FieldExtractor {
 public:
  virtual ~FieldExtractor() = default;
  /// `root` is an object. Throws where it cannot be computed: the row is unparseable then.
  virtual RawValue extract(const RawValue& root, RowArena& arena) const = 0;
};

struct FlattenSpec {
  struct Field {
    std::string name;
    std::shared_ptr<const FieldExtractor> extractor;
  };

  bool use_field_discovery = true;
  std::vector<Field> fields;

  /// Throws kInvalidInput naming the field of the spec.
  static FlattenSpec parse(const JsonField& json);

  /// Whether a field is listed by name: it is one of the row's fields then, whatever its value.
  bool lists(std::string_view name) const noexcept;
};

}  // namespace sarsen::ingest
