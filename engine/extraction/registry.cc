// The list of all extraction functions, in one screen.

#include <algorithm>

#include "engine/extraction/extraction_function.h"

namespace sarsen::engine {

void register_bucket(ExtractionRegistry& registry);
void register_cascade(ExtractionRegistry& registry);
void register_change_case(ExtractionRegistry& registry);
void register_identity(ExtractionRegistry& registry);
void register_javascript(ExtractionRegistry& registry);
void register_lookup(ExtractionRegistry& registry);
void register_partial(ExtractionRegistry& registry);
void register_regex(ExtractionRegistry& registry);
void register_registered_lookup(ExtractionRegistry& registry);
void register_search_query(ExtractionRegistry& registry);
void register_string_format(ExtractionRegistry& registry);
void register_strlen(ExtractionRegistry& registry);
void register_substring(ExtractionRegistry& registry);
void register_time(ExtractionRegistry& registry);
void register_time_format(ExtractionRegistry& registry);

namespace {

ExtractionRegistry build() {
  ExtractionRegistry registry;
  register_bucket(registry);
  register_cascade(registry);
  register_change_case(registry);
  register_identity(registry);
  register_javascript(registry);
  register_lookup(registry);
  register_partial(registry);
  register_regex(registry);
  register_registered_lookup(registry);
  register_search_query(registry);
  register_string_format(registry);
  register_strlen(registry);
  register_substring(registry);
  register_time(registry);
  register_time_format(registry);
  return registry;
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const ExtractionType& type : extractions().types()) all.emplace_back(type.type);
  return all;
}

}  // namespace

const ExtractionRegistry& extractions() {
  static const ExtractionRegistry registry = build();
  return registry;
}

ExtractionPtr parse_extraction(const JsonField& json) {
  if (!json.present()) json.fail("is required: an extraction function");
  const JsonField type_field = json["type"];
  const std::string type = type_field.string();
  const auto& types = extractions().types();
  const auto found =
      std::find_if(types.begin(), types.end(), [&](const ExtractionType& entry) { return entry.type == type; });
  if (found != types.end()) return found->parse(json);
  type_field.fail("unknown extraction function type \"" + type + "\"" + suggestion(type, names()));
}

ExtractionPtr parse_optional_extraction(const JsonField& json) {
  return json.present() ? parse_extraction(json) : nullptr;
}

}  // namespace sarsen::engine
