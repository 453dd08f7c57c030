#pragma once
// Passwords in specifications, as Druid's password providers give them. A function of its arguments and of the
// environment.

#include <string>

#include "storage/base/json.h"

namespace sarsen::ingest {

/// A text, {"type": "default", "password": …} or {"type": "environment", "variable": …}; empty where it is absent.
/// Throws kInvalidInput naming the field.
std::string parse_password(const JsonField& json);

}  // namespace sarsen::ingest
