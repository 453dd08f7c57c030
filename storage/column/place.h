#pragma once
// Where in a segment some bytes lie, for complaints: code deep inside says what is wrong ("corrupt lz4 block"), the
// place says of which file, column and part. Thread safety: a value.

#include <string>

#include "storage/base/error.h"

namespace sarsen::storage {

struct Place {
  std::string file;    // the segment's path
  std::string column;  // logical file inside it
  std::string part;    // "values", "dictionary"; may be empty

  Place with_part(std::string new_part) const { return {file, column, std::move(new_part)}; }
  std::string text() const;
};

/// Throws the same complaint with the place in front. Broken JSON on disk is no user's input: it becomes
/// kRuntimeFailure.
[[noreturn]] void throw_at(const Place& place, const Error& error);

/// Runs `action`; its Errors leave with the place in front.
template <class Action>
decltype(auto) at_place(const Place& place, Action&& action) {
  try {
    return action();
  } catch (const Error& error) {
    throw_at(place, error);
  }
}

}  // namespace sarsen::storage
