#pragma once
// Short English names of time zones: "PST", "CEST".

#include <string_view>

namespace sarsen::engine {

/// Empty where Java knows none: it then prints the offset.
std::string_view short_zone_name(std::string_view zone, bool summer);

}  // namespace sarsen::engine
