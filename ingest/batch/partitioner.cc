#include "ingest/batch/partitioner.h"

namespace sarsen::ingest {

std::unique_ptr<Partitioner> make_partitioner(const PartitionsSpec& spec,
                                              const std::shared_ptr<const DataSchema>& schema, FieldTable& fields) {
  switch (spec.kind) {
    case PartitionsSpec::Kind::kHashed:
      return make_hashed_partitioner(spec, schema, fields);
    case PartitionsSpec::Kind::kRange:
      return make_range_partitioner(spec, schema, fields);
    case PartitionsSpec::Kind::kDynamic:
      break;
  }
  return nullptr;
}

}  // namespace sarsen::ingest
