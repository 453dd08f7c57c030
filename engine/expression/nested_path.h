#pragma once
// Paths into JSON as queries write them: "$.a['b c'][0]", or jq's ".a.\"b c\"[0]". There are no wildcards, slices and
// filters. An index below zero counts from the end. Immutable.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "storage/base/json.h"

namespace sarsen::engine::expression {

class NestedPath {
 public:
  /// The name of a member, or the index of an element.
  using Part = std::variant<std::string, std::int64_t>;

  NestedPath() = default;
  explicit NestedPath(std::vector<Part> parts) : parts_(std::move(parts)) {}
  /// Throw kInvalidInput that shows the path.
  static NestedPath parse(std::string_view text);
  static NestedPath parse_jq(std::string_view text);

  const std::vector<Part>& parts() const noexcept { return parts_; }
  bool is_root() const noexcept { return parts_.empty(); }
  /// nullptr where nothing is there.
  const Json* find(const Json& json) const noexcept;
  /// In one spelling, as columns name their fields: names with dots, quotes or brackets in brackets.
  std::string text() const;

 private:
  std::vector<Part> parts_;
};

}  // namespace sarsen::engine::expression
