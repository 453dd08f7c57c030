#include "ingest/row/zone_name.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>

namespace sarsen::ingest {
namespace {

/// Java's short names that are no files of the time zone database.
constexpr std::array<std::string_view, 25> kShortNames = {"ACT", "AET", "AGT", "ART", "AST", "BET", "BST", "CAT", "CNT",
                                                          "CST", "CTT", "EAT", "ECT", "IET", "IST", "JST", "MIT", "NET",
                                                          "NST", "PLT", "PNT", "PRT", "PST", "SST", "VST"};
constexpr std::size_t kNameBytesMax = 64;

bool may_be_zone_name(std::string_view word) noexcept {
  const auto fits = [](char byte) {
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') ||
           byte == '_' || byte == '/' || byte == '+' || byte == '-';
  };
  return !word.empty() && word.size() <= kNameBytesMax && word.front() >= 'A' && word.front() <= 'Z' &&
         word.back() != '/' && std::all_of(word.begin(), word.end(), fits);
}

bool is_database_name(const std::string& word) {
  const std::string path = "/usr/share/zoneinfo/" + word;
  return access(path.c_str(), R_OK) == 0;
}

}  // namespace

bool is_zone_name(std::string_view word) noexcept {
  if (!may_be_zone_name(word)) return false;
  if (std::find(kShortNames.begin(), kShortNames.end(), word) != kShortNames.end()) return true;
  // Rows of one stream mostly carry one zone: the file system is asked when the word changes.
  thread_local std::string last_word;
  thread_local bool last_answer = false;
  if (last_word != word) {
    last_word.assign(word);
    last_answer = is_database_name(last_word);
  }
  return last_answer;
}

}  // namespace sarsen::ingest
