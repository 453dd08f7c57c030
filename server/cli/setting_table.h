#pragma once
// Settings as a table: each has a name, what it is for, and what it does with a value.

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sarsen::server {

template <class Settings>
struct SettingOf {
  std::string_view name;
  std::string_view doc;
  void (*apply)(Settings& settings, const std::string& name, const std::string& value);
};

/// Names and what they are for, for --help.
using SettingDocs = std::vector<std::pair<std::string, std::string>>;

/// False where the table has no such name.
template <class Settings, std::size_t kCount>
bool apply_setting(const SettingOf<Settings> (&table)[kCount], Settings& settings, const std::string& name,
                   const std::string& value) {
  const auto found =
      std::find_if(std::begin(table), std::end(table), [&](const auto& one) { return one.name == name; });
  if (found == std::end(table)) return false;
  found->apply(settings, name, value);
  return true;
}

template <class Settings, std::size_t kCount>
SettingDocs docs_of(const SettingOf<Settings> (&table)[kCount]) {
  SettingDocs docs;
  for (const SettingOf<Settings>& setting : table) docs.emplace_back(setting.name, setting.doc);
  return docs;
}

}  // namespace sarsen::server
