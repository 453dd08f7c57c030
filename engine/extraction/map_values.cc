#include "engine/extraction/map_values.h"

namespace sarsen::engine {
namespace {

class MapValues final : public ExtractionFunction {
 public:
  MapValues(LookupPtr lookup, bool retains_missing, Text replacement, bool one_to_one)
      : lookup_(std::move(lookup)),
        retains_missing_(retains_missing),
        replacement_(std::move(replacement)),
        one_to_one_(one_to_one) {}
  using ExtractionFunction::apply;

  Text apply(std::optional<std::string_view> value) const override {
    const std::string* found = value ? lookup_->find(*value) : nullptr;
    if (found != nullptr) return *found;
    return retains_missing_ && value ? Text(*value) : replacement_;
  }

  bool is_one_to_one() const override { return one_to_one_; }

 private:
  LookupPtr lookup_;
  bool retains_missing_;
  Text replacement_;
  bool one_to_one_;
};

}  // namespace

ExtractionPtr make_map_values(LookupPtr lookup, const JsonField& json) {
  const bool retains_missing = json["retainMissingValue"].boolean_or(false);
  std::optional<std::string> replacement = json["replaceMissingValueWith"].optional_string();
  if (retains_missing && replacement)
    json["replaceMissingValueWith"].fail(
        "Cannot specify a [replaceMissingValueWith] and set [retainMissingValue] to true");
  const bool one_to_one = json["injective"].boolean_or(lookup->is_one_to_one());
  return std::make_shared<MapValues>(std::move(lookup), retains_missing, std::move(replacement), one_to_one);
}

}  // namespace sarsen::engine
