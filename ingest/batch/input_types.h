#pragma once
// The types of input sources, but for `combining`, which is made of these. Each throws kInvalidInput naming the field,
// and kUnsupported for what is not built.

#include <filesystem>

#include "ingest/batch/input.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

/// Relative paths are below `base_directory`.
using ParseInputs = Inputs(const JsonField& json, const std::filesystem::path& base_directory);

ParseInputs local_inputs;
ParseInputs inline_inputs;
ParseInputs http_inputs;
ParseInputs s3_inputs;
ParseInputs druid_inputs;

}  // namespace sarsen::ingest
