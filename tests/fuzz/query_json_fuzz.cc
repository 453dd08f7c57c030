// Any bytes as the body of a query: an answer or an Error, never anything else. What parses is run, over no data.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/exec/worker_pool.h"
#include "engine/query/query.h"
#include "engine/query/query_engine.h"
#include "storage/base/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static sarsen::engine::WorkerPool pool(1);
  static sarsen::storage::Catalog catalog;
  try {
    const sarsen::Json body = sarsen::Json::parse(std::string_view(reinterpret_cast<const char*>(data), size));
    const sarsen::engine::QueryPtr query = sarsen::engine::parse_query(body);
    static_cast<void>(query->context().timeout_ms());
    sarsen::engine::QueryControl control;
    sarsen::engine::QueryEngine(catalog, pool).run(*query, control, sarsen::JsonStyle::kPretty, [](std::string_view) {
    });
  } catch (const sarsen::Error&) {
    return 0;
  }
  return 0;
}
