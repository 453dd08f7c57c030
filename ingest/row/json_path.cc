#include "ingest/row/json_path.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "ingest/row/json_path_step.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

using Kind = RawValue::Kind;
using Step = JsonPath::Step;

constexpr std::size_t kStepsMax = 200;
constexpr RawValue kNull{.kind = Kind::kNull};

bool is_list(const RawValue& value) noexcept { return value.kind == Kind::kList; }
bool is_object(const RawValue& value) noexcept { return value.kind == Kind::kObject; }

/// A member that is null, or that there is not, is to Druid an object without members. An element that is null is none.
bool is_map(const RawValue& value) noexcept { return is_object(value) || value.absent(); }

/// Calls visit(value) for each element or member.
template <class Visit>
void for_each_inner(const RawValue& value, Visit visit) {
  if (is_list(value))
    for (const RawValue& element : value.list) visit(element);
  if (is_object(value))
    for (std::size_t i = 0; i < value.list.size(); i += 2) visit(value.list[i + 1]);
}

class Members final : public Step {
 public:
  explicit Members(std::vector<std::string> names) : names_(std::move(names)) {}

  void walk(const RawValue& value, PathSearch& search) const override {
    if (!is_map(value)) return;
    if (names_.size() > 1 && next == nullptr) return give(picked(value, search), search);
    for (const std::string& name : names_) {
      const RawValue* member = member_of(value, name);
      give(member == nullptr ? kNull : *member, search);
    }
  }

  bool definite() const noexcept override { return names_.size() == 1 || next == nullptr; }

  bool scans(const RawValue& value, const PathSearch&) const override {
    return is_object(value) && std::all_of(names_.begin(), names_.end(),
                                           [&](const std::string& name) { return member_of(value, name) != nullptr; });
  }

 private:
  RawValue picked(const RawValue& value, PathSearch& search) const {
    std::vector<RawValue> members;
    for (const std::string& name : names_) {
      const RawValue* member = member_of(value, name);
      if (member == nullptr) continue;
      members.push_back(RawValue::of(search.arena.keep(name)));
      members.push_back(*member);
    }
    return RawValue::object(search.arena.keep(members));
  }

  std::vector<std::string> names_;
};

class Elements : public Step {
 public:
  void walk(const RawValue& value, PathSearch& search) const override {
    if (is_list(value)) walk_list(value.list, search);
  }
  bool scans(const RawValue& value, const PathSearch&) const override { return is_list(value); }

 protected:
  virtual void walk_list(std::span<const RawValue> list, PathSearch& search) const = 0;

  /// From the end where it is negative; null where the list does not reach.
  void give_at(std::span<const RawValue> list, std::int64_t index, PathSearch& search) const {
    const auto size = static_cast<std::int64_t>(list.size());
    if (index < 0) index += size;
    give_element(index >= 0 && index < size ? list[static_cast<std::size_t>(index)] : kNull, search);
  }
};

class Indexes final : public Elements {
 public:
  explicit Indexes(std::vector<std::int64_t> indexes) : indexes_(std::move(indexes)) {}
  bool definite() const noexcept override { return indexes_.size() == 1; }

 private:
  void walk_list(std::span<const RawValue> list, PathSearch& search) const override {
    for (const std::int64_t index : indexes_) give_at(list, index, search);
  }
  std::vector<std::int64_t> indexes_;
};

class Slice final : public Elements {
 public:
  Slice(std::optional<std::int64_t> from, std::optional<std::int64_t> to) : from_(from), to_(to) {}
  bool definite() const noexcept override { return false; }

 private:
  void walk_list(std::span<const RawValue> list, PathSearch& search) const override {
    const auto size = static_cast<std::int64_t>(list.size());
    if (size == 0) return;
    std::int64_t from = from_.value_or(0);
    std::int64_t to = to_.value_or(size);
    if (!to_ && from < 0) from = std::max<std::int64_t>(0, size + from);
    if (!from_ && to < 0) to += size;
    to = std::min(to, size);
    from = std::max(from, -size);  // further back nothing but nulls would be found
    for (std::int64_t index = from; index < to; ++index) give_at(list, index, search);
  }
  std::optional<std::int64_t> from_;
  std::optional<std::int64_t> to_;
};

class Wildcard final : public Step {
 public:
  void walk(const RawValue& value, PathSearch& search) const override {
    for_each_inner(value,
                   [&](const RawValue& inner) { is_list(value) ? give_element(inner, search) : give(inner, search); });
  }
  bool definite() const noexcept override { return false; }
  bool scans(const RawValue&, const PathSearch&) const override { return true; }
};

class Filtered final : public Step {
 public:
  explicit Filtered(std::unique_ptr<const PathCondition> condition) : condition_(std::move(condition)) {}

  void walk(const RawValue& value, PathSearch& search) const override {
    if (is_map(value) && condition_->holds(value, search)) return give(value, search);
    if (!is_list(value)) return;
    for (const RawValue& element : value.list)
      if (condition_->holds(element, search)) give_element(element, search);
  }
  bool definite() const noexcept override { return false; }
  bool scans(const RawValue& value, const PathSearch& search) const override {
    return condition_->holds(value, search);
  }

 private:
  std::unique_ptr<const PathCondition> condition_;
};

class Scan final : public Step {
 public:
  void walk(const RawValue& value, PathSearch& search) const override {
    if (!is_list(value) && !is_object(value)) return;
    if (next->scans(value, search)) stop_at(value, search);
    for_each_inner(value, [&](const RawValue& inner) { walk(inner, search); });
  }
  bool definite() const noexcept override { return false; }
  bool scans(const RawValue&, const PathSearch&) const override { return false; }

 private:
  /// Jayway leaves out the step itself where it is about a list and others follow.
  void stop_at(const RawValue& value, PathSearch& search) const {
    if (is_object(value) || next->next == nullptr) return next->walk(value, search);
    for (const RawValue& element : value.list)
      if (!element.absent()) next->next->walk(element, search);
  }
};

class Function final : public Step {
 public:
  enum class Name : std::uint8_t { kLength, kMin, kMax, kSum, kAvg, kKeys };
  explicit Function(Name name) : name_(name) {}

  void walk(const RawValue& value, PathSearch& search) const override {
    if (name_ == Name::kLength) return give(length(value), search);
    if (name_ == Name::kKeys) return give(keys(value, search), search);
    give(RawValue::of(folded(value)), search);
  }
  bool definite() const noexcept override { return true; }
  bool scans(const RawValue&, const PathSearch&) const override { return false; }
  bool reads_null_elements() const noexcept override { return true; }

 private:
  static RawValue length(const RawValue& value) {
    if (!is_list(value) && !is_object(value)) return RawValue::null();
    return RawValue::of(static_cast<std::int64_t>(value.list.size() / (is_object(value) ? 2 : 1)));
  }

  static RawValue keys(const RawValue& value, PathSearch& search) {
    if (!is_object(value)) return RawValue::null();
    std::vector<RawValue> names;
    for (std::size_t i = 0; i < value.list.size(); i += 2) names.push_back(value.list[i]);
    return RawValue::of(search.arena.keep(names));
  }

  double folded(const RawValue& value) const {
    double sum = 0;
    double low = std::numeric_limits<double>::max();
    double high = std::numeric_limits<double>::lowest();
    std::size_t count = 0;
    if (is_list(value))
      for (const RawValue& element : value.list) {
        if (element.kind != Kind::kLong && element.kind != Kind::kDouble) continue;
        const double number = element.kind == Kind::kLong ? static_cast<double>(element.integer) : element.number;
        sum += number;
        low = std::min(low, number);
        high = std::max(high, number);
        ++count;
      }
    if (count == 0)
      throw Error(ErrorCategory::kInvalidInput, "Aggregation function attempted to calculate value using empty array");
    if (name_ == Name::kMin) return low;
    if (name_ == Name::kMax) return high;
    return name_ == Name::kSum ? sum : sum / static_cast<double>(count);
  }

  Name name_;
};

/// Reads steps from a path's text.
class StepParser {
 public:
  StepParser(std::string_view text, std::size_t at, bool whole) : text_(text), at_(at), whole_(whole) {}

  std::shared_ptr<Step> steps() {
    std::vector<std::shared_ptr<Step>> steps;
    while (auto step = next_step()) {
      if (steps.size() == kStepsMax) fail_path(text_, "it has too many steps");
      steps.push_back(std::move(step));
    }
    if (whole_ && at_ != text_.size()) fail_path(text_, "unexpected text at " + std::to_string(at_));
    for (std::size_t i = steps.size(); i-- > 1;) steps[i - 1]->next = steps[i];
    check(steps);
    return steps.empty() ? nullptr : steps.front();
  }
  std::size_t at() const noexcept { return at_; }

 private:
  char peek(std::size_t ahead = 0) const noexcept { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  bool take(char wanted) {
    if (peek() != wanted) return false;
    ++at_;
    return true;
  }

  void skip_blanks() {
    while (peek() == ' ') ++at_;
  }

  void expect(char wanted) {
    skip_blanks();
    if (!take(wanted)) fail_path(text_, std::string("wanted ") + wanted + " at " + std::to_string(at_));
  }

  std::shared_ptr<Step> next_step() {
    if (peek() == '[') {
      ++at_;
      return bracket();
    }
    if (after_scan_) return dotted();
    if (peek() != '.') return nullptr;
    ++at_;
    if (!take('.')) return dotted();
    after_scan_ = true;
    return std::make_shared<Scan>();
  }

  std::shared_ptr<Step> dotted() {
    after_scan_ = false;
    if (peek() == '[') return nullptr;
    if (take('*')) return std::make_shared<Wildcard>();
    const std::size_t begin = at_;
    while (at_ < text_.size() && !ends_name(text_[at_])) ++at_;
    std::string name(text_.substr(begin, at_ - begin));
    if (name.empty()) fail_path(text_, "a name is wanted at " + std::to_string(begin));
    if (peek() == '(') return function(name);
    return std::make_shared<Members>(std::vector<std::string>{std::move(name)});
  }

  bool ends_name(char byte) const noexcept {
    if (byte == '.' || byte == '[' || byte == '(' || byte == ' ') return true;
    // Inside a condition operators and the closing parenthesis end a path too.
    return !whole_ && std::string_view(")=!<>&|,]").find(byte) != std::string_view::npos;
  }

  std::shared_ptr<Step> function(const std::string& name) {
    ++at_;
    expect(')');
    using Name = Function::Name;
    static const std::pair<std::string_view, Name> kFunctions[] = {
        {"length", Name::kLength}, {"size", Name::kLength}, {"min", Name::kMin},  {"max", Name::kMax},
        {"sum", Name::kSum},       {"avg", Name::kAvg},     {"keys", Name::kKeys}};
    for (const auto& [known, function] : kFunctions)
      if (known == name) return std::make_shared<Function>(function);
    throw Error(ErrorCategory::kUnsupported,
                "This function of JSONPath is not supported (length, min, max, sum, avg and keys are): " + name);
  }

  std::shared_ptr<Step> bracket() {
    after_scan_ = false;
    skip_blanks();
    if (take('*')) {
      expect(']');
      return std::make_shared<Wildcard>();
    }
    if (peek() == '\'' || peek() == '"') return quoted_names();
    if (take('?')) return filter();
    return numbers();
  }

  std::shared_ptr<Step> filter() {
    skip_blanks();
    if (!take('(')) fail_path(text_, "a filter is written [?( … )]");
    auto condition = parse_condition(text_, at_);
    expect(']');
    return std::make_shared<Filtered>(std::move(condition));
  }

  std::shared_ptr<Step> quoted_names() {
    std::vector<std::string> names;
    do {
      skip_blanks();
      names.push_back(quoted());
      skip_blanks();
    } while (take(','));
    expect(']');
    return std::make_shared<Members>(std::move(names));
  }

  std::string quoted() {
    const char quote = peek();
    if (quote != '\'' && quote != '"') fail_path(text_, "a quoted name is wanted at " + std::to_string(at_));
    ++at_;
    std::string name;
    for (; peek() != quote; ++at_) {
      if (at_ >= text_.size()) fail_path(text_, "a quote is not closed");
      if (peek() == '\\' && at_ + 1 < text_.size()) ++at_;
      name += peek();
    }
    ++at_;
    return name;
  }

  std::optional<std::int64_t> number() {
    skip_blanks();
    std::int32_t value = 0;  // Jayway reads ints
    const auto parsed = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (parsed.ec == std::errc::result_out_of_range) fail_path(text_, "an index is too great");
    if (parsed.ec != std::errc()) return std::nullopt;
    at_ = static_cast<std::size_t>(parsed.ptr - text_.data());
    skip_blanks();
    return value;
  }

  std::shared_ptr<Step> numbers() {
    const auto first = number();
    if (take(':')) {
      const auto second = number();
      if (!first && !second) fail_path(text_, "a slice needs a begin or an end");
      expect(']');
      return std::make_shared<Slice>(first, second);
    }
    if (!first) fail_path(text_, "an index, a quoted name, * or ?( … ) is wanted at " + std::to_string(at_));
    std::vector<std::int64_t> indexes{*first};
    while (take(',')) {
      const auto another = number();
      if (!another) fail_path(text_, "an index is wanted at " + std::to_string(at_));
      indexes.push_back(*another);
    }
    expect(']');
    return std::make_shared<Indexes>(std::move(indexes));
  }

  void check(const std::vector<std::shared_ptr<Step>>& steps) const {
    if (!steps.empty() && dynamic_cast<const Scan*>(steps.back().get()) != nullptr)
      fail_path(text_, "it must not end with ..");
    bool definite = true;
    for (const auto& step : steps) {
      if (dynamic_cast<const Function*>(step.get()) != nullptr && !definite)
        throw Error(ErrorCategory::kUnsupported,
                    "A function after steps that may find several values is not supported in a JSONPath: " +
                        std::string(text_));
      definite = definite && step->definite();
    }
  }

  std::string_view text_;
  std::size_t at_;
  bool whole_;
  bool after_scan_ = false;
};

bool is_definite(const Step* step) noexcept {
  for (; step != nullptr; step = step->next.get())
    if (!step->definite()) return false;
  return true;
}

}  // namespace

void fail_path(std::string_view text, std::string_view problem) {
  throw Error(ErrorCategory::kInvalidInput, "Not a JSONPath: " + std::string(problem) + ": " + std::string(text));
}

const RawValue* member_of(const RawValue& object, std::string_view name) noexcept {
  if (!is_object(object)) return nullptr;
  for (std::size_t i = 0; i < object.list.size(); i += 2)
    if (object.list[i].text == name) return &object.list[i + 1];
  return nullptr;
}

void JsonPath::Step::give(const RawValue& value, PathSearch& search) const {
  if (next != nullptr) return next->walk(value, search);
  if (search.found.size() == kJsonPathFoundMax)
    throw Error(ErrorCategory::kResourceLimit,
                "A JSONPath finds more values than the limit: " + std::to_string(kJsonPathFoundMax));
  search.found.push_back(value);
}

void JsonPath::Step::give_element(const RawValue& element, PathSearch& search) const {
  if (element.absent() && next != nullptr && !next->reads_null_elements()) return;
  give(element, search);
}

std::shared_ptr<const Step> parse_steps(std::string_view text, std::size_t& at) {
  StepParser parser(text, at, false);
  auto steps = parser.steps();
  at = parser.at();
  return steps;
}

std::optional<RawValue> find_along(const Step* first, const RawValue& from, const PathSearch& search) {
  if (first == nullptr) return from;
  PathSearch inner{search.root, search.arena};
  first->walk(from, inner);
  if (!is_definite(first)) return RawValue::of(search.arena.keep(inner.found));
  if (inner.found.empty()) return std::nullopt;
  return inner.found.front();
}

JsonPath JsonPath::parse(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  text = begin == std::string_view::npos ? "" : text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin);
  if (text.empty()) fail_path(text, "it is empty");
  if (text.size() > kJsonPathBytesMax) fail_path(text.substr(0, 100), "it is too long");
  if (text.front() == '$' || text.front() == '@') return JsonPath(StepParser(text, 1, true).steps());
  const std::string rooted = "$." + std::string(text);
  return JsonPath(StepParser(rooted, 1, true).steps());
}

RawValue JsonPath::find(const RawValue& root, RowArena& arena) const {
  const PathSearch search{root, arena};
  return find_along(first_.get(), root, search).value_or(RawValue::null());
}

}  // namespace sarsen::ingest
