#include "engine/query/having.h"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "engine/exec/poll.h"
#include "engine/extraction/extraction_function.h"
#include "engine/query/query_engine.h"
#include "engine/result/value_cast.h"
#include "engine/result/value_order.h"
#include "engine/scan/vector_cursor.h"
#include "engine/vector/row_mask.h"
#include "storage/base/error.h"
#include "storage/base/java_number.h"

namespace sarsen::engine {
namespace {

/// equalTo, greaterThan, lessThan: `sign` is the wanted result of a comparison with the value. Null is none of them,
/// and nothing compares with a value that is not given.
class Comparison final : public Having {
 public:
  Comparison(std::string name, Value value, int sign) : name_(std::move(name)), value_(std::move(value)), sign_(sign) {}

  std::vector<bool> accepted(const HavingRows& rows) const override {
    std::vector<bool> answer(rows.size());
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
      poll();
      answer[row] = accepts(rows.value(row, name_));
    }
    return answer;
  }

 private:
  bool accepts(Value value) const {
    // Text is compared as the number that it holds.
    if (std::holds_alternative<std::string>(value)) value = cast_value(value, storage::ValueType::kDouble);
    if (is_null(value) || is_null(value_)) return false;
    const int order = compare_values(value, value_);
    return (order > 0) - (order < 0) == sign_;
  }

  std::string name_;
  Value value_;
  int sign_;
};

class DimensionIs final : public Having {
 public:
  DimensionIs(std::string dimension, std::optional<std::string> value, ExtractionPtr function)
      : dimension_(std::move(dimension)), value_(null_if_empty(std::move(value))), function_(std::move(function)) {}

  std::vector<bool> accepted(const HavingRows& rows) const override {
    std::vector<bool> answer(rows.size());
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
      poll();
      answer[row] = text_of(rows.value(row, dimension_)) == value_;
    }
    return answer;
  }

 private:
  /// To this `having`, unlike to filters, null and "" are one, and no function sees null.
  static std::optional<std::string> null_if_empty(std::optional<std::string> text) {
    return text && text->empty() ? std::nullopt : std::move(text);
  }

  std::optional<std::string> text_of(const Value& value) const {
    std::optional<std::string> text = value_text(value);
    return null_if_empty(function_ == nullptr || !text ? std::move(text)
                                                       : function_->apply(std::optional<std::string_view>(*text)));
  }

  std::string dimension_;
  std::optional<std::string> value_;
  ExtractionPtr function_;  // nullptr: none
};

/// A filter over the names of the row.
class Filtered final : public Having {
 public:
  explicit Filtered(FilterPtr filter) : filter_(std::move(filter)) {}

  std::vector<bool> accepted(const HavingRows& rows) const override {
    std::vector<bool> answer(rows.size());
    const ScanPlan plan = make_scan_plan(rows.segment(), {INT64_MIN, INT64_MAX}, filter_);
    if (plan.empty()) return answer;
    const QueryControl control;
    VectorCursor cursor(plan, plan.begin_row, plan.end_row, control);
    while (cursor.next()) {
      poll_now();
      for_each_selected(cursor.selection(),
                        [&](std::uint32_t, std::uint32_t row) { answer[cursor.begin() + row] = true; });
    }
    return answer;
  }

 private:
  FilterPtr filter_;
};

class Combination final : public Having {
 public:
  enum class Kind : std::uint8_t { kAnd, kOr, kNot };
  Combination(Kind kind, std::vector<HavingPtr> parts) : kind_(kind), parts_(std::move(parts)) {}

  std::vector<bool> accepted(const HavingRows& rows) const override {
    std::vector<bool> answer(rows.size(), kind_ != Kind::kOr);
    for (const HavingPtr& part : parts_) {
      const std::vector<bool> other = part->accepted(rows);
      for (std::size_t row = 0; row < answer.size(); ++row) answer[row] = combined(answer[row], other[row]);
    }
    return answer;
  }

 private:
  bool combined(bool left, bool right) const {
    if (kind_ == Kind::kAnd) return left && right;
    return kind_ == Kind::kOr ? left || right : !right;
  }

  Kind kind_;
  std::vector<HavingPtr> parts_;
};

class Always final : public Having {
 public:
  std::vector<bool> accepted(const HavingRows& rows) const override { return std::vector<bool>(rows.size(), true); }
};

/// A number, or text that holds one, as Jackson reads it.
Value parse_number(const JsonField& json) {
  if (!json.present()) return {};
  const Json& value = json.json();
  if (value.is_integer()) return value.integer();
  if (value.is_double()) return value.number();
  if (value.is_string()) {
    if (const auto whole = exact_long(value.string())) return *whole;
    if (const auto number = try_parse_double(value.string())) return *number;
  }
  json.fail("must be a number");
}

HavingPtr parse_comparison(const JsonField& json, int sign) {
  return std::make_shared<Comparison>(json["aggregation"].string_or(""), parse_number(json["value"]), sign);
}

HavingPtr parse_dimension_is(const JsonField& json) {
  return std::make_shared<DimensionIs>(json["dimension"].string(), json["value"].optional_string(),
                                       parse_optional_extraction(json["extractionFn"]));
}

std::vector<HavingPtr> parse_parts(const JsonField& json) {
  std::vector<HavingPtr> parts;
  for (const JsonField& element : json.elements())
    if (HavingPtr part = parse_having(element)) parts.push_back(std::move(part));
  return parts;
}

HavingPtr parse_not(const JsonField& json) {
  HavingPtr part = parse_having(json);
  if (part == nullptr) json.fail("is required");
  return std::make_shared<Combination>(Combination::Kind::kNot, std::vector<HavingPtr>{std::move(part)});
}

HavingPtr parse_filtered(const JsonField& json) {
  if (!json.present()) json.fail("is required: a filter over the names of the row");
  return std::make_shared<Filtered>(parse_filter(json));
}

}  // namespace

HavingPtr parse_having(const JsonField& json) {
  if (!json.present()) return nullptr;
  const std::string type = json["type"].string();
  if (type == "greaterThan") return parse_comparison(json, 1);
  if (type == "lessThan") return parse_comparison(json, -1);
  if (type == "equalTo") return parse_comparison(json, 0);
  if (type == "dimSelector") return parse_dimension_is(json);
  if (type == "and") return std::make_shared<Combination>(Combination::Kind::kAnd, parse_parts(json["havingSpecs"]));
  if (type == "or") return std::make_shared<Combination>(Combination::Kind::kOr, parse_parts(json["havingSpecs"]));
  if (type == "not") return parse_not(json["havingSpec"]);
  if (type == "always") return std::make_shared<Always>();
  if (type == "filter") return parse_filtered(json["filter"]);
  json["type"].fail(
      "unknown having type \"" + type + "\"" +
      suggestion(type, {"greaterThan", "lessThan", "equalTo", "dimSelector", "and", "or", "not", "always", "filter"}));
}

}  // namespace sarsen::engine
