#pragma once
// librdkafka's configuration, checked, with its log lines led into ours. Internal to this folder in all but
// check_properties.

#include <map>
#include <string>

namespace sarsen::ingest {

/// Throws kInvalidInput naming the property at fault, with a suggestion where a known one is near. `where` begins the
/// message.
void check_properties(const std::map<std::string, std::string>& properties, const std::string& where);

}  // namespace sarsen::ingest
