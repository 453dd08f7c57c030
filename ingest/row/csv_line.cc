// One line of CSV to its fields.

#include "ingest/row/text_rows.h"

namespace sarsen::ingest {
namespace {

constexpr char kSeparator = ',';
constexpr char kQuote = '"';

constexpr std::size_t kNone = std::string_view::npos;

/// Whether there is a quote at `at` with something behind it.
bool quote_inside(std::string_view line, std::size_t at) noexcept { return at != kNone && at + 1 < line.size(); }

/// Where the field ends that begins with a quote at `begin`: at a separator behind a closing quote. As opencsv does it,
/// a quote with other text behind it closes nothing, and opens again.
std::size_t quoted_end(std::string_view line, std::size_t begin) noexcept {
  bool open = false;
  for (std::size_t quote = line.find(kQuote, begin + 1); quote_inside(line, quote);) {
    if (!open && line[quote + 1] == kSeparator) return quote + 1;
    do {
      quote = line.find(kQuote, quote + 1);
      open = !open;
    } while (quote_inside(line, quote) && line[quote + 1] == kQuote);
  }
  return line.size();
}

std::size_t field_end(std::string_view line, std::size_t begin) noexcept {
  const std::size_t separator = line.find(kSeparator, begin);
  if (separator == kNone) return line.size();
  return line[begin] == kQuote ? quoted_end(line, begin) : separator;
}

std::string without_quotes(std::string_view text) {
  const bool one_quote = text.find(kQuote) == text.rfind(kQuote);
  if (!one_quote && text.front() == kQuote) {
    text.remove_prefix(1);
    if (text.ends_with(kQuote)) text.remove_suffix(1);
  }
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    result += text[at];
    if (text[at] == kQuote && at + 1 < text.size() && text[at + 1] == kQuote) ++at;
  }
  return result;
}

}  // namespace

void split_csv(std::string_view line, std::vector<CsvField>& fields, std::vector<std::string>& unquoted) {
  fields.clear();
  unquoted.clear();
  std::vector<std::size_t> rewritten;
  for (std::size_t begin = 0; begin < line.size();) {
    const std::size_t end = field_end(line, begin);
    const std::string_view text = line.substr(begin, end - begin);
    if (text.find(kQuote) != kNone) {
      rewritten.push_back(fields.size());
      unquoted.push_back(without_quotes(text));
    }
    fields.push_back({text, text.empty()});
    begin = end + 1;
  }
  if (line.empty() || line.back() == kSeparator) fields.push_back({{}, true});
  for (std::size_t i = 0; i < rewritten.size(); ++i) fields[rewritten[i]].text = unquoted[i];
}

}  // namespace sarsen::ingest
