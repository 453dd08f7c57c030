#pragma once
// Pieces of JSON that the row parser leaves to us, because Jackson and Druid take what it refuses.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sarsen::ingest {

/// The content of a JSON string, `raw` beginning behind its quote. A surrogate alone becomes a question mark, as when
/// Java writes it. nullopt where an escape is none.
std::optional<std::string> unescape_json(std::string_view raw);

/// -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?
bool is_json_number(std::string_view text);

/// Where the object ends that the text begins with; its size where it does not end, or begins with none.
std::size_t first_object_end(std::string_view text) noexcept;

/// Each malformed piece becomes U+FFFD, as Java decodes.
std::string replace_malformed_utf8(std::string_view text);

}  // namespace sarsen::ingest
