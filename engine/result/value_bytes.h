#pragma once
// Values as bytes and back, for files that this process writes for itself.

#include "engine/result/value.h"
#include "storage/base/byte_reader.h"
#include "storage/base/byte_writer.h"

namespace sarsen::engine {

void write_value(const Value& value, ByteWriter& out);
/// Throws kRuntimeFailure for bytes that are no value.
Value read_value(ByteReader& in);

}  // namespace sarsen::engine
