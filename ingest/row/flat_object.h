#pragma once
// The straight way through what most streams consist of: messages of one object whose keys are those of the message
// before, and whose values are texts, numbers of up to 18 digits, true, false and null. All else, also what is broken,
// is left to simdjson's on-demand parser (json_rows.h), which knows what to say of it. Uses the first stage of simdjson
// alone, which finds the structure and proves the encoding.
//
// Not thread-safe.

#include <cstddef>
#include <memory>

#include "ingest/row/expected_keys.h"
#include "ingest/row/raw_row.h"
#include "ingest/row/row_arena.h"

namespace sarsen::ingest {

class FlatObjectReader {
 public:
  FlatObjectReader();
  ~FlatObjectReader();
  FlatObjectReader(const FlatObjectReader&) = delete;
  FlatObjectReader& operator=(const FlatObjectReader&) = delete;

  /// Sets the row's fields, with views of the text; false where the message is not of this kind: then the row has some
  /// of them. REQUIRES: simdjson's padding behind the text.
  bool read(const char* text, std::size_t size, const ExpectedKeys& keys, RawRow& row, RowArena& arena);

 private:
  class Structure;
  std::unique_ptr<Structure> structure_;
};

}  // namespace sarsen::ingest
