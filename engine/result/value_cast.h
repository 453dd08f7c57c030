#pragma once
// Values in another of Druid's types: outputType of dimensions.

#include "engine/result/value.h"
#include "storage/base/json.h"
#include "storage/column/column.h"

namespace sarsen::engine {

/// By Druid's rules for dimension values: text that is no number of the type becomes null, numbers are cast as in Java,
/// and become Java's text.
Value cast_value(const Value& value, storage::ValueType type);

/// The text of a value as Java's String.valueOf prints it; nullopt for null.
std::optional<std::string> value_text(const Value& value);

/// "STRING", "LONG", "FLOAT", "DOUBLE" in any case; `otherwise` when absent or another word, as Druid reads outputType.
/// Throws kInvalidInput for arrays.
storage::ValueType parse_value_type(const JsonField& json, storage::ValueType otherwise);

}  // namespace sarsen::engine
