#pragma once
// The firehoses of old batch specs (Druid 0.7 to 0.15) that are what an input source is today. Functions of their
// arguments only.

#include "storage/base/json.h"

namespace sarsen::ingest {

/// The inputSource that reads the same: local, inline, ingestSegment, and combinations of them. Throws kInvalidInput
/// naming the field, kUnsupported for firehoses that are not built.
Json input_source_of(const JsonField& firehose);

/// Whether it is ingestSegment: the rows have their times, whatever the parser's timestampSpec says.
bool reads_segments(const JsonField& firehose);

}  // namespace sarsen::ingest
