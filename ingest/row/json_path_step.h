#pragma once
// What the parts of a JSONPath share: a step hands what it finds to the next. Private to json_path*.cc.

#include <memory>
#include <string_view>
#include <vector>

#include "ingest/row/json_path.h"

namespace sarsen::ingest {

/// One search: what it may read, and what it has found.
struct PathSearch {
  const RawValue& root;
  RowArena& arena;
  std::vector<RawValue> found = {};
};

class JsonPath::Step {
 public:
  virtual ~Step() = default;

  virtual void walk(const RawValue& value, PathSearch& search) const = 0;
  /// Whether it finds one value at most.
  virtual bool definite() const noexcept = 0;
  /// Whether a deep scan stops at this value.
  virtual bool scans(const RawValue& value, const PathSearch& search) const = 0;

  /// Whether an element of a list is handed to it that is null: to most there is nothing in it.
  virtual bool reads_null_elements() const noexcept { return false; }

  std::shared_ptr<const Step> next;

 protected:
  /// Hands a value on, or takes it as found.
  void give(const RawValue& value, PathSearch& search) const;
  /// The same of an element of a list.
  void give_element(const RawValue& element, PathSearch& search) const;
};

/// The condition of [?( … )].
class PathCondition {
 public:
  virtual ~PathCondition() = default;
  virtual bool holds(const RawValue& item, const PathSearch& search) const = 0;
};

/// A path of steps as a condition's operand: what it finds in `from`; nullopt where it finds nothing.
std::optional<RawValue> find_along(const JsonPath::Step* first, const RawValue& from, const PathSearch& search);

/// Steps after the $ or @ at text[at], up to where no step begins. A path of its own: to the end of the text.
std::shared_ptr<const JsonPath::Step> parse_steps(std::string_view text, std::size_t& at);

/// The condition that begins at text[at], behind "[?(" or a parenthesis, up to the closing parenthesis, which is taken.
std::unique_ptr<const PathCondition> parse_condition(std::string_view text, std::size_t& at, std::size_t depth = 0);

[[noreturn]] void fail_path(std::string_view text, std::string_view problem);

}  // namespace sarsen::ingest
