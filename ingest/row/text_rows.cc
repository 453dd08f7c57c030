#include "ingest/row/text_rows.h"

#include <algorithm>
#include <cctype>
#include <span>

#include "ingest/row/json_text.h"
#include "ingest/row/row_arena.h"
#include "storage/base/error.h"
#include "storage/base/java_number.h"
#include "storage/base/utf8.h"

namespace sarsen::ingest {
namespace {

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const Utf8Step step = next_code_point(text);
    if (!step.valid) return false;
    text.remove_prefix(step.size);
  }
  return true;
}

bool all_ascii(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char byte) { return static_cast<signed char>(byte) >= 0; });
}

/// What commons-lang's NumberUtils.isCreatable and Guava's parsers together take for a number: a sign, digits with a
/// point, an exponent, a letter of Java's for float or double. Digits after a leading zero make an octal number, which
/// must be one to be read as decimal.
RawValue number_or_text(std::string_view text) {
  std::string_view rest = text;
  if (rest.starts_with('-') || rest.starts_with('+')) rest.remove_prefix(1);
  const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
  const bool octal = digits > 1 && rest[0] == '0' && digits == rest.size();
  if (octal && rest.find_first_of("89") != std::string_view::npos) return RawValue::of(text);
  constexpr std::string_view kFloatLetters = "dDfF";
  if (!rest.empty() && kFloatLetters.find(rest.back()) != std::string_view::npos) rest.remove_suffix(1);
  if (rest.empty() || rest.find_first_not_of("0123456789.eE+-") != std::string_view::npos) return RawValue::of(text);
  if (rest.find_first_of("0123456789") == std::string_view::npos) return RawValue::of(text);
  if (text.front() != '+')
    if (const auto integer = parse_java_long(text)) return RawValue::of(*integer);
  if (const auto number = try_parse_double(text)) return RawValue::of(*number);
  return RawValue::of(text);
}

/// Cuts lines into fields, and names them.
class TextReader : public RowReader {
 public:
  TextReader(const InputFormat& format, FieldTable& fields, bool discover)
      : format_(*format.text), fields_(fields), discover_(discover) {
    start_input();
  }

  void start_input() final {
    lines_to_skip_ = format_.skipped_lines;
    header_wanted_ = format_.header;
    if (!format_.header) names_ = format_.columns;
    numbers_.clear();
  }

  std::optional<std::string> read(std::string_view line, const RowSink& row) final {
    if (lines_to_skip_ > 0) {
      --lines_to_skip_;
      return std::nullopt;
    }
    if (!all_ascii(line) && !is_utf8(line)) {
      repaired_ = replace_malformed_utf8(line);
      line = repaired_;
    }
    values_.clear();
    if (auto problem = cut(line)) return problem;
    if (header_wanted_) return take_header();
    give(row);
    return std::nullopt;
  }

 protected:
  /// Adds the line's fields to values_; what is wrong where they cannot be told apart.
  virtual std::optional<std::string> cut(std::string_view line) = 0;

  const TextFormat& format() const noexcept { return format_; }
  void add(std::string_view text, bool null) { values_.push_back({text, null}); }

 private:
  std::optional<std::string> take_header() {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < values_.size(); ++i)
      names.emplace_back(values_[i].text.empty() ? default_column_name(i) : std::string(values_[i].text));
    std::vector<std::string> sorted = names;
    std::sort(sorted.begin(), sorted.end());
    if (const auto twice = std::adjacent_find(sorted.begin(), sorted.end()); twice != sorted.end())
      throw Error(ErrorCategory::kInvalidInput, "Duplicate column entries found in the header: [" + *twice + "]");
    names_ = std::move(names);
    header_wanted_ = false;
    return std::nullopt;
  }

  void give(const RowSink& row) {
    if (names_.empty())
      for (std::size_t i = 0; i < values_.size(); ++i) names_.push_back(default_column_name(i));
    row_.clear();
    arena_.release();
    for (std::size_t i = 0; i < std::min(names_.size(), values_.size()); ++i)  // a short line has no other fields
      if (const auto number = field_number(i)) row_.set(*number, value_of(values_[i]));
    if (format_.declares_columns) row_.declare(declared_);
    row(row_);
  }

  /// Names get their numbers once, unless new fields have been added since.
  std::optional<std::uint32_t> field_number(std::size_t column) {
    if (known_fields_ != fields_.size() || numbers_.size() < names_.size()) number_columns();
    return numbers_[column];
  }

  void number_columns() {
    numbers_.clear();
    declared_.clear();
    for (const std::string& name : names_) {
      const auto number = discover_ ? std::optional(fields_.add(name)) : fields_.find(name);
      numbers_.push_back(number);
      if (number) declared_.push_back(*number);
    }
    known_fields_ = fields_.size();
  }

  RawValue scalar(std::string_view text) const {
    return format_.parse_numbers ? number_or_text(text) : RawValue::of(text);
  }

  RawValue value_of(const CsvField& field) {
    if (field.null) return RawValue::null();
    const std::string& delimiter = format_.list_delimiter;
    std::size_t end = field.text.find(delimiter);
    if (end == std::string_view::npos) return scalar(field.text);
    std::vector<RawValue> list;
    std::string_view rest = field.text;
    for (; end != std::string_view::npos; end = rest.find(delimiter)) {
      list.push_back(scalar(rest.substr(0, end)));
      rest.remove_prefix(end + delimiter.size());
    }
    list.push_back(scalar(rest));
    return RawValue::of(arena_.keep(list));
  }

  const TextFormat format_;
  FieldTable& fields_;
  const bool discover_;
  std::uint32_t lines_to_skip_ = 0;
  bool header_wanted_ = false;
  std::vector<std::string> names_;
  std::vector<std::optional<std::uint32_t>> numbers_;  // by name
  std::vector<std::uint32_t> declared_;                // those that have one
  std::uint32_t known_fields_ = 0;
  std::string repaired_;
  std::vector<CsvField> values_;
  RowArena arena_;
  RawRow row_;
};

class CsvReader final : public TextReader {
 public:
  using TextReader::TextReader;

 private:
  std::optional<std::string> cut(std::string_view line) override {
    split_csv(line, fields_, unquoted_);
    for (const CsvField& field : fields_) add(field.text, field.null);
    return std::nullopt;
  }

  std::vector<CsvField> fields_;
  std::vector<std::string> unquoted_;
};

/// No quoting at all; nothing between two delimiters is null.
class DelimitedReader final : public TextReader {
 public:
  using TextReader::TextReader;

 private:
  std::optional<std::string> cut(std::string_view line) override {
    const std::string& delimiter = format().delimiter;
    while (true) {
      const std::size_t end = line.find(delimiter);
      const std::string_view text = line.substr(0, end);
      add(text, text.empty());
      if (end == std::string_view::npos) return std::nullopt;
      line.remove_prefix(end + delimiter.size());
    }
  }
};

class LinesReader final : public TextReader {
 public:
  using TextReader::TextReader;

 private:
  std::optional<std::string> cut(std::string_view line) override {
    add(line, false);
    return std::nullopt;
  }
};

/// The groups of a pattern that matches the whole line.
class RegexReader final : public TextReader {
 public:
  using TextReader::TextReader;

 private:
  std::optional<std::string> cut(std::string_view line) override {
    try {
      groups_ = format().pattern->match_groups(line);
    } catch (const Error& error) {
      return error.what();
    }
    if (!groups_) return "Incorrect Regex: " + format().pattern->text() + " . No match found.";
    for (std::size_t i = 1; i < groups_->size(); ++i) {
      const auto& group = (*groups_)[i];
      add(group ? std::string_view(*group) : std::string_view(), !group);
    }
    return std::nullopt;
  }

  std::optional<engine::JavaPattern::Groups> groups_;
};

}  // namespace

std::unique_ptr<RowReader> make_text_reader(const InputFormat& format, FieldTable& fields, bool discover) {
  switch (format.text->kind) {
    case TextFormat::Kind::kCsv:
      return std::make_unique<CsvReader>(format, fields, discover);
    case TextFormat::Kind::kDelimited:
      return std::make_unique<DelimitedReader>(format, fields, discover);
    case TextFormat::Kind::kRegex:
      return std::make_unique<RegexReader>(format, fields, discover);
    case TextFormat::Kind::kLines:
      break;
  }
  return std::make_unique<LinesReader>(format, fields, discover);
}

}  // namespace sarsen::ingest
