#pragma once
// `sarsen serve`: puts a server together and runs it until it is told to stop (SIGTERM, SIGINT; a second one ends the
// process at once).

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sarsen::server {

struct ServeOptions {
  std::string config;                                           // a .properties file; empty: none
  std::vector<std::pair<std::string, std::string>> properties;  // --set and the options that are short for one
  std::vector<std::string> segments;                            // [NAME=]DIR
  std::optional<std::uint16_t> embedded_kafka;                  // its port
};

/// Returns the exit status.
int serve(const ServeOptions& options);

}  // namespace sarsen::server
