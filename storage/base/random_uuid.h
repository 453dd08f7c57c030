#pragma once
// Names that nobody else has. Thread safety: from any thread.

#include <string>

namespace sarsen {

/// 8-4-4-4-12 hexadecimal digits.
std::string random_uuid();

}  // namespace sarsen
