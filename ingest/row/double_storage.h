#pragma once
// Whether metrics and dimensions of type double are stored with 32 bits, as Druid did up to version 0.10 and does since
// with druid.indexing.doubleStorage=float: of the whole process. What is stored already stays as it is. Sums are
// computed with 64 bits until they are stored. Thread safety: set before anything is ingested, read from any thread.

#include <atomic>

namespace sarsen::ingest {

inline std::atomic<bool> stored_doubles_are_floats = false;

}  // namespace sarsen::ingest
