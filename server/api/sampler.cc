#include "server/api/sampler.h"

#include "ingest/sampler/sample.h"
#include "server/api/json_answer.h"
#include "storage/base/atomic_file.h"

namespace sarsen::server {

void add_sampler_routes(Router& router, const std::filesystem::path& base_directory,
                        const ingest::SegmentPlaces& places) {
  router.add("POST", "/druid/indexer/v1/sampler", Execution::kPooled,
             checked([base_directory, places](const Request& request, ResponseWriter& writer) {
               const auto spec = ingest::SamplerSpec::parse(Json::parse(request.body), base_directory);
               const TemporaryDirectory scratch(places.scratch / "sample");
               ingest::SegmentPlaces own = places;
               own.scratch = scratch.path();
               respond(request, writer, 200, ingest::take_sample(spec, own));
             }));
}

}  // namespace sarsen::server
