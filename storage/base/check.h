#pragma once
// Checks of two kinds. DCHECK guards what only our own bug can break and is gone in release builds; check_format guards
// bytes that somebody else wrote and is always on. Relations of constants belong into static_assert.

#include <cstdio>
#include <cstdlib>

#include "storage/base/error.h"

namespace sarsen {

/// Throws kRuntimeFailure with `message` unless `valid`. The caller that knows file and column adds them (see
/// storage/segment/segment.cc), so `message` names only the part: "offset table past end".
inline void check_format(bool valid, const char* message) {
  if (!valid) [[unlikely]]
    throw Error(ErrorCategory::kRuntimeFailure, message);
}

}  // namespace sarsen

#ifdef SARSEN_DCHECK
#define DCHECK(condition)                                                                     \
  do {                                                                                        \
    if (!(condition)) [[unlikely]] {                                                          \
      std::fprintf(stderr, "%s:%d: DCHECK failed: %s\n", __FILE__, __LINE__, #condition);     \
      std::abort();                                                                           \
    }                                                                                         \
  } while (false)
#else
#define DCHECK(condition) static_cast<void>(sizeof(!(condition)))
#endif
