#include "ingest/batch/input_source.h"

#include <algorithm>
#include <array>
#include <string>

#include "ingest/batch/input_types.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;

struct Type {
  std::string_view name;
  ParseInputs* parse;
};

/// Besides these: combining.
constexpr std::array kTypes = {Type{"local", local_inputs}, Type{"inline", inline_inputs}, Type{"http", http_inputs},
                               Type{"s3", s3_inputs}, Type{"druid", druid_inputs}};

/// Druid has these too.
constexpr std::array<std::string_view, 6> kNotBuilt = {"google", "azureStorage", "hdfs", "sql", "iceberg", "delta"};

std::vector<std::string> built() {
  std::vector<std::string> names;
  for (const Type& type : kTypes) names.emplace_back(type.name);
  names.emplace_back("combining");
  return names;
}

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  return all;
}

[[noreturn]] void refuse(const JsonField& json, const std::string& type) {
  std::vector<std::string> known = built();
  if (std::ranges::count(kNotBuilt, type) > 0)
    throw Error(ErrorCategory::kUnsupported, json.path() + ": not supported yet (" + joined(known) + " are): " + type +
                                                 "; bring the files here first");
  known.insert(known.end(), kNotBuilt.begin(), kNotBuilt.end());
  json.fail("unknown input source: " + type + suggestion(type, known));
}

Inputs parse_inputs(const JsonField& json, const fs::path& base_directory);

Inputs combined_inputs(const JsonField& json, const fs::path& base_directory) {
  Inputs inputs;
  for (const JsonField& delegate : json["delegates"].elements()) {
    const Inputs more = parse_inputs(delegate, base_directory);
    inputs.insert(inputs.end(), more.begin(), more.end());
  }
  if (inputs.empty()) json["delegates"].fail("at least one input source is wanted");
  return inputs;
}

Inputs parse_inputs(const JsonField& json, const fs::path& base_directory) {
  if (!json.present()) json.fail("an inputSource is needed, such as {\"type\": \"local\", \"files\": […]}");
  const std::string name = json["type"].string();
  if (name == "combining") return combined_inputs(json, base_directory);
  const auto type = std::ranges::find(kTypes, name, &Type::name);
  if (type == kTypes.end()) refuse(json["type"], name);
  return type->parse(json, base_directory);
}

}  // namespace

InputSource InputSource::parse(const JsonField& json, const fs::path& base_directory) {
  return InputSource(parse_inputs(json, base_directory));
}

InputSource InputSource::listed() const {
  Inputs inputs;
  for (const auto& input : inputs_) {
    const Inputs more = input->listed().value_or(Inputs{input});
    inputs.insert(inputs.end(), more.begin(), more.end());
  }
  return InputSource(std::move(inputs));
}

bool InputSource::needs_format() const noexcept {
  return std::ranges::any_of(inputs_, [](const auto& input) { return input->segments() == nullptr; });
}

std::uint64_t InputSource::total_bytes() const {
  std::uint64_t total = 0;
  for (const auto& input : inputs_) total += input->bytes();
  return total;
}

}  // namespace sarsen::ingest
