#pragma once
// The SHA-1 of some bytes in upper-case hexadecimal, as Druid keeps it beside the offsets. A pure function.

#include <string>
#include <string_view>

namespace sarsen::ingest {

std::string sha1_text(std::string_view bytes);

}  // namespace sarsen::ingest
