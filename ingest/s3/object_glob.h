#pragma once
// Which keys Druid's objectGlob names: a glob of Java's file systems over the whole key. * and ? stop at slashes, **
// does not; [a-z] and [!a-z] are classes, {a,b} are alternatives, a backslash takes the next sign as it is. Thread
// safety: immutable.

#include <string>
#include <string_view>

#include "engine/text/java_pattern.h"

namespace sarsen::ingest {

class ObjectGlob {
 public:
  /// Throws kInvalidInput, with the place, where the glob is none.
  explicit ObjectGlob(std::string_view glob);

  bool matches(std::string_view key) const;

 private:
  engine::JavaPattern pattern_;
};

}  // namespace sarsen::ingest
