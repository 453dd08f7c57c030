// One line of CSV to its fields.

#include "ingest/row/text_rows.h"

namespace sarsen::ingest {
namespace {

constexpr char kSeparator = ',';
constexpr char kQuote = '"';

/// Where the field ends that begins with a quote at `begin`: at a separator behind an even number of quotes.
std::size_t quoted_end(std::string_view line, std::size_t begin) {
  bool open = false;
  for (std::size_t at = begin; at < line.size(); ++at) {
    if (line[at] == kQuote) open = !open;
    if (line[at] == kSeparator && !open) return at;
  }
  return line.size();
}

std::size_t field_end(std::string_view line, std::size_t begin) {
  if (begin < line.size() && line[begin] == kQuote) return quoted_end(line, begin);
  const std::size_t separator = line.find(kSeparator, begin);
  return separator == std::string_view::npos ? line.size() : separator;
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
  for (std::size_t begin = 0; begin <= line.size();) {
    const std::size_t end = field_end(line, begin);
    const std::string_view text = line.substr(begin, end - begin);
    if (text.find(kQuote) != std::string_view::npos) {
      rewritten.push_back(fields.size());
      unquoted.push_back(without_quotes(text));
    }
    fields.push_back({text, text.empty()});
    begin = end + 1;
  }
  for (std::size_t i = 0; i < rewritten.size(); ++i) fields[rewritten[i]].text = unquoted[i];
}

}  // namespace sarsen::ingest
