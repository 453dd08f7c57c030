#pragma once
// Typed values of the filters equals, range, inType and arrayContainsElement: what a query writes as {"matchValueType",
// "matchValue"}, and how it is compared with a column of another type.

#include <optional>
#include <string>
#include <vector>

#include "engine/result/value.h"
#include "engine/vector/column_sources.h"
#include "storage/base/json.h"

namespace sarsen::engine {

struct MatchType {
  storage::ValueType type = storage::ValueType::kString;  // of the elements, where it is an array
  bool array = false;
  std::string complex_type = {};

  bool is_number() const noexcept;
  /// "ARRAY<LONG>"
  std::string name() const;
};

/// From "STRING", "ARRAY<LONG>", "COMPLEX<json>", or {"type": "LONG"} and so on. Throws kInvalidInput naming the field.
MatchType parse_match_type(const JsonField& json);
/// What a column of this kind holds: ARRAY<LONG> for arrays of longs. nullopt where one type does not say it.
std::optional<MatchType> match_type_of(const ColumnKind& kind);

/// `json` as a value of the type, by the conversions of expressions: null where it is none. FLOAT becomes DOUBLE.
Value typed_value(const Json& json, const MatchType& type);
Value converted(const Value& value, const MatchType& type);

/// `value` as the type for comparing with equality; nullopt: nothing of that type equals it. A double is equal to a
/// long only where it is whole, an array to a scalar only where it has one element.
std::optional<Value> cast_for_equality(const Value& value, const MatchType& type);

/// Text as expressions turn values into it; nullopt for null.
std::optional<std::string> match_text(const Value& value);

}  // namespace sarsen::engine
