// regex: what a group of a regular expression finds; the value itself, or a replacement, where it finds nothing.

#include "engine/extraction/extraction_function.h"
#include "engine/text/pattern_field.h"
#include "storage/base/error.h"

namespace sarsen::engine {
namespace {

class Regex final : public ExtractionFunction {
 public:
  Regex(JavaPattern pattern, std::size_t group, bool replaces_missing, Text replacement)
      : pattern_(std::move(pattern)),
        group_(group),
        replaces_missing_(replaces_missing),
        replacement_(std::move(replacement)) {}
  using ExtractionFunction::apply;

  Text apply(std::optional<std::string_view> value) const override {
    if (value)
      if (auto groups = pattern_.find_groups(*value)) return group_of(*std::move(groups));
    if (replaces_missing_) return replacement_;
    return value ? Text(*value) : Text();
  }

 private:
  /// Druid, too, finds out at the first match that there is no such group.
  Text group_of(JavaPattern::Groups groups) const {
    if (group_ >= groups.size())
      throw Error(ErrorCategory::kInvalidInput, "No group " + std::to_string(group_) + " in " + pattern_.text());
    return std::move(groups[group_]);
  }

  JavaPattern pattern_;
  std::size_t group_;
  bool replaces_missing_;
  Text replacement_;
};

ExtractionPtr parse_regex(const JsonField& json) {
  const std::int64_t group = json["index"].integer_or(1);
  if (group < 0) json["index"].fail("No group " + std::to_string(group));
  return std::make_shared<Regex>(parse_pattern(json["expr"]), static_cast<std::size_t>(group),
                                 json["replaceMissingValue"].boolean_or(false),
                                 json["replaceMissingValueWith"].optional_string());
}

}  // namespace

void register_regex(ExtractionRegistry& registry) {
  registry.add({.type = "regex", .parse = parse_regex, .doc = "The group `index` of the first match of `expr`."});
}

}  // namespace sarsen::engine
