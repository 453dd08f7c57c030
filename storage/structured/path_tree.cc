#include "storage/structured/path_tree.h"

#include "storage/base/error.h"

namespace sarsen::storage {
namespace {

std::string member_text(const std::string& parent, std::string_view key) {
  const bool quoted = key.find_first_of(".'\"[]") != std::string_view::npos;
  return quoted ? parent + "['" + std::string(key) + "']" : parent + "." + std::string(key);
}

}  // namespace

std::uint32_t PathTree::add(std::string text) {
  if (size() == kPathsMax)
    throw Error(ErrorCategory::kUnsupported,
                "The values have more fields than a column is written with: " + std::to_string(kPathsMax));
  places_.emplace_back().text = std::move(text);
  return size() - 1;
}

std::uint32_t PathTree::member(std::uint32_t parent, std::string_view key) {
  const auto& members = places_[parent].members;
  if (const auto known = members.find(key); known != members.end()) return known->second;
  const std::uint32_t place = add(member_text(places_[parent].text, key));
  places_[parent].members.emplace(key, place);
  return place;
}

std::uint32_t PathTree::element(std::uint32_t parent, std::size_t position) {
  while (places_[parent].elements.size() <= position) {
    const std::size_t next = places_[parent].elements.size();
    const std::uint32_t place = add(places_[parent].text + "[" + std::to_string(next) + "]");
    places_[parent].elements.push_back(place);
  }
  return places_[parent].elements[position];
}

}  // namespace sarsen::storage
