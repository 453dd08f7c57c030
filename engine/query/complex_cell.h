#pragma once
// How scan prints values of complex columns: as Jackson prints the objects that Druid reads from the bytes. Most are
// their bytes in base64; pairs of a time and a value are objects, and no bytes at all are an empty sketch. Thread
// safety: pure.

#include <span>
#include <string_view>

#include "engine/result/result_writer.h"

namespace sarsen::engine {

void write_complex(std::string_view type, std::span<const std::byte> bytes, ResultWriter& out);

}  // namespace sarsen::engine
