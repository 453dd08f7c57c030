#pragma once
// librdkafka's configuration, checked, with its log lines led into ours. Internal to this folder in all but
// check_properties.

#include <map>
#include <string>
#include <vector>

namespace sarsen::ingest {

/// Throws kInvalidInput naming the property at fault, with a suggestion where a known one is near. `where` begins the
/// message.
void check_properties(const std::map<std::string, std::string>& properties, const std::string& where);

/// Whether librdkafka has a property of this name.
bool is_known_property(const std::string& name);

/// Names to suggest: those, but for their aliases.
std::vector<std::string> known_properties();

}  // namespace sarsen::ingest
