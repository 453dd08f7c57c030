#include "engine/query/having.h"

#include <algorithm>
#include <string>
#include <vector>

#include "engine/result/value_cast.h"
#include "engine/result/value_order.h"
#include "storage/base/error.h"

namespace sarsen::engine {
namespace {

using ValueOf = std::function<Value(std::string_view)>;

/// equalTo, greaterThan, lessThan: `sign` is the wanted result of a comparison with the value. Null is none of them.
class Comparison final : public Having {
 public:
  Comparison(std::string name, Value value, int sign) : name_(std::move(name)), value_(std::move(value)), sign_(sign) {}

  bool accepts(const ValueOf& value_of) const override {
    const Value value = number(value_of(name_));
    if (is_null(value)) return false;
    const int order = compare_values(value, value_);
    return (order > 0) - (order < 0) == sign_;
  }

 private:
  /// Text is compared as the number that it holds.
  static Value number(Value value) {
    return std::holds_alternative<std::string>(value) ? cast_value(value, storage::ValueType::kDouble) : value;
  }

  std::string name_;
  Value value_;
  int sign_;
};

class DimensionIs final : public Having {
 public:
  DimensionIs(std::string dimension, std::optional<std::string> value)
      : dimension_(std::move(dimension)), value_(std::move(value)) {}
  bool accepts(const ValueOf& value_of) const override { return value_text(value_of(dimension_)) == value_; }

 private:
  std::string dimension_;
  std::optional<std::string> value_;
};

class Combination final : public Having {
 public:
  enum class Kind : std::uint8_t { kAnd, kOr, kNot };
  Combination(Kind kind, std::vector<HavingPtr> parts) : kind_(kind), parts_(std::move(parts)) {}

  bool accepts(const ValueOf& value_of) const override {
    const auto accepted = [&](const HavingPtr& part) { return part->accepts(value_of); };
    if (kind_ == Kind::kAnd) return std::all_of(parts_.begin(), parts_.end(), accepted);
    if (kind_ == Kind::kOr) return std::any_of(parts_.begin(), parts_.end(), accepted);
    return !accepted(parts_[0]);
  }

 private:
  Kind kind_;
  std::vector<HavingPtr> parts_;
};

class Always final : public Having {
 public:
  explicit Always(bool answer) : answer_(answer) {}
  bool accepts(const ValueOf&) const override { return answer_; }

 private:
  bool answer_;
};

HavingPtr parse_comparison(const JsonField& json, int sign) {
  const JsonField value = json["value"];
  if (!value.present()) value.fail("is required: the number to compare with");
  const Json& number = value.json();
  return std::make_shared<Comparison>(json["aggregation"].string(),
                                      number.is_integer() ? Value(number.integer()) : Value(value.number()), sign);
}

std::vector<HavingPtr> parse_parts(const JsonField& json) {
  std::vector<HavingPtr> parts;
  for (const JsonField& element : json.elements()) parts.push_back(parse_having(element));
  return parts;
}

HavingPtr parse_not(const JsonField& json) {
  HavingPtr part = parse_having(json);
  if (part == nullptr) json.fail("is required");
  return std::make_shared<Combination>(Combination::Kind::kNot, std::vector<HavingPtr>{std::move(part)});
}

}  // namespace

HavingPtr parse_having(const JsonField& json) {
  if (!json.present()) return nullptr;
  const std::string type = json["type"].string();
  if (type == "greaterThan") return parse_comparison(json, 1);
  if (type == "lessThan") return parse_comparison(json, -1);
  if (type == "equalTo") return parse_comparison(json, 0);
  if (type == "dimSelector")
    return std::make_shared<DimensionIs>(json["dimension"].string(), json["value"].optional_string());
  if (type == "and") return std::make_shared<Combination>(Combination::Kind::kAnd, parse_parts(json["havingSpecs"]));
  if (type == "or") return std::make_shared<Combination>(Combination::Kind::kOr, parse_parts(json["havingSpecs"]));
  if (type == "not") return parse_not(json["havingSpec"]);
  if (type == "always") return std::make_shared<Always>(true);
  if (type == "never") return std::make_shared<Always>(false);
  if (type == "filter")
    throw Error(ErrorCategory::kUnsupported, json["type"].path() + ": having by filter is not part of this version");
  json["type"].fail("unknown having type \"" + type + "\"" +
                    suggestion(type, {"greaterThan", "lessThan", "equalTo", "dimSelector", "and", "or", "not", "always",
                                      "never", "filter"}));
}

}  // namespace sarsen::engine
