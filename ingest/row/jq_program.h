#pragma once
// A jq program that finds a field in a document: the one door to libjq, which the build may lack. Thread-safe: rows of
// several threads wait for each other.

#include <memory>
#include <string>

#include "ingest/row/raw_value.h"
#include "ingest/row/row_arena.h"

namespace sarsen::ingest {

class JqProgram {
 public:
  /// Throws kInvalidInput for what is no program, kUnsupported where the build has no libjq.
  explicit JqProgram(const std::string& text);
  ~JqProgram();

  /// The first value that it gives for `root`. Throws kInvalidInput where it fails or gives none, and for whole numbers
  /// beyond 2^53: jq's numbers are doubles, and another number would come out.
  RawValue first(const RawValue& root, RowArena& arena) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sarsen::ingest
