// Any bytes as the body of a query: an answer or an Error, never anything else. What parses is run, over no data.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/exec/worker_pool.h"
#include "engine/query/query.h"
#include "engine/query/query_engine.h"
#include "storage/base/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sarsen;
  static engine::WorkerPool pool(1);
  static storage::Catalog catalog;
  try {
    const Json body = Json::parse(std::string_view(reinterpret_cast<const char*>(data), size));
    const engine::QueryPtr query = engine::parse_query(body);
    static_cast<void>(query->context().timeout_ms());
    engine::QueryControl control;
    engine::QueryEngine(catalog, pool).run(*query, control, JsonStyle::kPretty, [](std::string_view) {});
  } catch (const Error&) {
    return 0;
  }
  return 0;
}
