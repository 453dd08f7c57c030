#pragma once
// What is wrong with settings, as they are refused.

#include <string>

#include "server/cli/server_settings.h"
#include "storage/base/error.h"

namespace sarsen::server {

/// "none" where they are taken.
inline std::string problem_of(const Properties& properties) {
  try {
    read_settings(properties);
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

}  // namespace sarsen::server
