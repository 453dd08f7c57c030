#include "ingest/batch/input.h"

#include "storage/base/error.h"

namespace sarsen::ingest {

std::unique_ptr<LineReader> Input::open(const std::filesystem::path&) const {
  throw Error(ErrorCategory::kRuntimeFailure, "an input that is not made of lines was to be read line by line");
}

}  // namespace sarsen::ingest
