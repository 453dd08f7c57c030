#pragma once
// Druid's ordering "version": that of Maven's DefaultArtifactVersion. "1.9" < "1.10"; "1.0-alpha" < "1.0".

#include <string_view>

namespace sarsen::engine {

int compare_versions(std::string_view left, std::string_view right);

}  // namespace sarsen::engine
