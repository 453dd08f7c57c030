#pragma once
// Extraction functions: what a dimension's values are turned into before they are grouped or filtered. They know
// nothing of rows: whoever uses one asks once per dictionary entry, or once per distinct number. Immutable, shared.
// Adding one: one file in this folder, one line in registry.cc, one test; the simplest is strlen.cc.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/json.h"
#include "storage/base/json_writer.h"

namespace sarsen::engine {

class ExtractionFunction {
 public:
  virtual ~ExtractionFunction() = default;

  using Text = std::optional<std::string>;

  virtual Text apply(std::optional<std::string_view> value) const = 0;

  // Numbers are turned into Java's text first, unless the function knows better.
  virtual Text apply(std::int64_t value) const { return apply(std::optional<std::string_view>(std::to_string(value))); }
  virtual Text apply(float value) const { return apply(std::optional<std::string_view>(java_text(value))); }
  virtual Text apply(double value) const { return apply(std::optional<std::string_view>(java_text(value))); }

  /// Different values stay different. Druid then groups by the values, and applies the function to the groups.
  virtual bool is_one_to_one() const { return false; }
};

using ExtractionPtr = std::shared_ptr<const ExtractionFunction>;

/// From {"type", …}. Throws kInvalidInput naming the field; unknown types come with a suggestion.
ExtractionPtr parse_extraction(const JsonField& json);

/// nullptr when absent.
ExtractionPtr parse_optional_extraction(const JsonField& json);

struct ExtractionType {
  std::string_view type;  // "substring"
  ExtractionPtr (*parse)(const JsonField& json);
  std::string_view doc;
};

class ExtractionRegistry {
 public:
  void add(ExtractionType type) { types_.push_back(type); }
  const std::vector<ExtractionType>& types() const noexcept { return types_; }

 private:
  std::vector<ExtractionType> types_;
};

const ExtractionRegistry& extractions();

}  // namespace sarsen::engine
