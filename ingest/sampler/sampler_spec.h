#pragma once
// What is to be sampled, and how: {"type": "index", "spec": …, "samplerConfig": …} with the spec of a batch task, or
// {"type": "kafka", …} with that of a supervisor. Immutable.

#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "ingest/batch/input_source.h"
#include "ingest/row/data_schema.h"
#include "ingest/sampler/sampler_config.h"
#include "ingest/supervisor/supervisor_spec.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

/// The metric that the sampler adds: the number of the first input row that a row has, in all that were read.
inline constexpr const char* kSamplerOrder = "__internal_sampler_order";

struct SamplerSpec {
  std::shared_ptr<const DataSchema> schema;  // with the metric kSamplerOrder as its last
  SamplerConfig config;
  InputSource input;                           // of a batch task, with the schema's input_format
  std::optional<SupervisorIo> stream;          // of a supervisor: then there is no `input`
  std::set<std::string> json_dimensions = {};  // those that are listed with the type json

  /// Throws kInvalidInput naming the field, kUnsupported for what is not built.
  static SamplerSpec parse(const Json& json, const std::filesystem::path& base_directory);
};

}  // namespace sarsen::ingest
