#pragma once
// Sources by column, made at first use and kept, so that two consumers of a column read it once. Not thread-safe.

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace sarsen::engine {

template <class T>
using KeptSources = std::map<std::string, std::unique_ptr<T>, std::less<>>;

/// The source for `column`, made by `make` at first use.
template <class T, class Make>
T& kept(KeptSources<T>& sources, std::string_view column, Make make) {
  auto found = sources.find(column);
  if (found == sources.end()) found = sources.emplace(std::string(column), make()).first;
  return *found->second;
}

}  // namespace sarsen::engine
