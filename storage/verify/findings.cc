#include "storage/verify/findings.h"

#include <algorithm>

namespace sarsen::storage {
namespace {

constexpr std::string_view kMore = "and more of this kind";

// "PATH, column NAME, PART: what is wrong", as place.h puts it together.
void split_place(std::string_view text, std::string_view segment_path, Finding& finding) {
  if (!text.starts_with(segment_path)) return;
  text.remove_prefix(segment_path.size());
  const std::string column = ", column " + finding.column;
  if (text.starts_with(column)) text.remove_prefix(column.size());
  if (text.starts_with(", ")) {
    const std::size_t colon = text.find(": ");
    if (colon == std::string_view::npos) return;
    finding.part = text.substr(2, colon - 2);
    text.remove_prefix(colon);
  }
  if (text.starts_with(": ")) finding.problem = text.substr(2);
}

}  // namespace

void Findings::damage(std::string_view column, const std::string& segment_path, const Error& error) {
  Finding finding{
      .note = false, .column = std::string(column), .part = {}, .problem = error.what(), .file = {}, .offset = {}};
  split_place(error.what(), segment_path, finding);
  add(std::move(finding));
}

void Findings::add(Finding finding) {
  const auto alike = std::ranges::count_if(findings_, [&](const Finding& other) {
    return other.column == finding.column && other.part == finding.part && other.note == finding.note;
  });
  if (static_cast<std::size_t>(alike) > kPerPartMax) return;
  if (static_cast<std::size_t>(alike) == kPerPartMax) finding.problem = kMore;
  findings_.push_back(std::move(finding));
}

}  // namespace sarsen::storage
