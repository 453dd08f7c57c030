#pragma once
// Writes the dictionary of strings in the form that the index spec asks for (storage/FORMAT.md, "String dictionary").
// Thread-safe: no state.

#include <optional>
#include <span>
#include <string_view>

#include "storage/base/byte_writer.h"
#include "storage/column/column_output.h"
#include "storage/column/index_spec.h"

namespace sarsen::storage {

/// What a dictionary holds: `values`, ascending in Java's string order, after a null of its own where `added_null`.
struct StringDictionaryValues {
  std::span<const std::optional<std::string_view>> values;
  bool added_null = false;

  std::size_t size() const noexcept { return values.size() + (added_null ? 1 : 0); }
};

/// Appends the dictionary. One of more than 2 GiB continues in `overflow` where it is not front-coded; else
/// kUnsupported is thrown.
void write_string_dictionary(const StringDictionaryValues& dictionary, const StringDictionaryEncoding& encoding,
                             ByteWriter& out, const OverflowFiles* overflow = nullptr);

}  // namespace sarsen::storage
