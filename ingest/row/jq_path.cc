#include "ingest/row/jq_path.h"

#include "ingest/row/json_path_step.h"
#include "storage/base/error.h"
#include "storage/base/text_scanner.h"

namespace sarsen::ingest {
namespace {

bool begins_name(char byte) noexcept { return (ascii_upper(byte) >= 'A' && ascii_upper(byte) <= 'Z') || byte == '_'; }

std::optional<std::string> scan_name(TextScanner& scanner) {
  if (!begins_name(scanner.peek())) return std::nullopt;
  std::string name;
  for (; begins_name(scanner.peek()) || is_ascii_digit(scanner.peek()); scanner.seek(scanner.position() + 1))
    name += scanner.peek();
  return name;
}

/// Without escapes: those are left to jq.
std::optional<std::string> scan_quoted(TextScanner& scanner) {
  if (!scanner.accept('"')) return std::nullopt;
  const std::string_view rest = scanner.rest();
  const std::size_t end = rest.find_first_of("\"\\");
  if (end == std::string_view::npos || rest[end] != '"') return std::nullopt;
  scanner.seek(scanner.position() + end + 1);
  return std::string(rest.substr(0, end));
}

std::optional<std::variant<std::string, std::int64_t>> scan_bracket(TextScanner& scanner) {
  constexpr std::size_t kDigitsMax = 9;
  std::variant<std::string, std::int64_t> step;
  if (auto name = scan_quoted(scanner))
    step = std::move(*name);
  else if (const auto position = scanner.signed_number(kDigitsMax))
    step = *position;
  else
    return std::nullopt;
  return scanner.accept(']') ? std::optional(std::move(step)) : std::nullopt;
}

std::string_view kind_of(const RawValue& value) noexcept {
  switch (value.kind) {
    case RawValue::Kind::kMissing:
    case RawValue::Kind::kNull:
      return "null";
    case RawValue::Kind::kBoolean:
      return "boolean";
    case RawValue::Kind::kLong:
    case RawValue::Kind::kDouble:
      return "number";
    case RawValue::Kind::kText:
    case RawValue::Kind::kComplex:
      return "string";
    case RawValue::Kind::kList:
      return "array";
    case RawValue::Kind::kObject:
      break;
  }
  return "object";
}

[[noreturn]] void fail(const RawValue& value, const std::string& with) {
  throw Error(ErrorCategory::kInvalidInput,
              "The jq program fails: Cannot index " + std::string(kind_of(value)) + " with " + with);
}

RawValue member(const RawValue& value, const std::string& name) {
  if (value.kind != RawValue::Kind::kObject) fail(value, '"' + name + '"');
  const RawValue* const found = member_of(value, name);
  return found != nullptr ? *found : RawValue::null();
}

RawValue element(const RawValue& value, std::int64_t position) {
  if (value.kind != RawValue::Kind::kList) fail(value, "number");
  const std::int64_t place = position < 0 ? position + std::ssize(value.list) : position;
  return place >= 0 && place < std::ssize(value.list) ? value.list[static_cast<std::size_t>(place)] : RawValue::null();
}

}  // namespace

std::optional<JqPath> JqPath::parse(std::string_view program) {
  TextScanner scanner(program);
  JqPath path;
  if (scanner.peek() != '.') return std::nullopt;
  if (program == ".") return path;
  while (!scanner.at_end()) {
    std::optional<Step> step;
    const bool point = scanner.accept('.');
    if ((point && path.steps_.empty() && scanner.accept('[')) || (!point && scanner.accept('[')))
      step = scan_bracket(scanner);
    else if (point)
      step = scanner.peek() == '"' ? scan_quoted(scanner) : scan_name(scanner);
    if (!step) return std::nullopt;
    path.steps_.push_back(std::move(*step));
  }
  return path;
}

RawValue JqPath::find(const RawValue& root) const {
  RawValue value = root;
  for (const Step& step : steps_) {
    if (value.absent()) return RawValue::null();
    const auto* const name = std::get_if<std::string>(&step);
    value = name != nullptr ? member(value, *name) : element(value, std::get<std::int64_t>(step));
  }
  return value;
}

}  // namespace sarsen::ingest
