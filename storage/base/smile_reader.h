#pragma once
// SMILE, Jackson's binary JSON, as read: the documents in columns of JSON, and bodies between Druid's processes. All of
// the format, version 0: shared names and strings, every form of number and text, raw and 7-bit binary.
//
// What JSON has no word for becomes what Jackson would print: binary is base64 text, a 32-bit float the double with the
// same shortest digits. Numbers beyond 64 bits and big decimals become doubles, as in Json::parse.
// Thread safety: pure.

#include <cstddef>
#include <span>

#include "storage/base/json.h"

namespace sarsen {

/// One document has no more values than this: each costs far more memory than its one byte.
inline constexpr std::size_t kSmileValuesMax = 1u << 22;

/// The one document that fills `bytes`, its header first; an end marker may follow. Throws kInvalidInput with the
/// position and the reason; documents deeper than kJsonDepthMax are refused.
Json parse_smile(std::span<const std::byte> bytes);

}  // namespace sarsen
