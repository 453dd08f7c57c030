#pragma once
// jq programs that only say where a value is: ".", ".id", ".a.b", ".a[0]", ".[\"a b\"]". They need no libjq, and give
// whole numbers of any size as they are, which jq cannot. Immutable; thread-safe.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ingest/row/raw_value.h"

namespace sarsen::ingest {

class JqPath {
 public:
  /// nullopt: it says more, or nothing that is jq.
  static std::optional<JqPath> parse(std::string_view program);

  /// null where there is nothing. Throws kInvalidInput, in jq's words, where a step leads into what has no parts.
  RawValue find(const RawValue& root) const;

 private:
  using Step = std::variant<std::string, std::int64_t>;  // a member, or an element; negative: from the end

  std::vector<Step> steps_;
};

}  // namespace sarsen::ingest
