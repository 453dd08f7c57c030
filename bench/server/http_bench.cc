// Small answers over HTTP on loopback, one connection: the time from the first byte sent to the whole answer, as the
// median of all requests. BM_Echo is the transport alone.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "engine/exec/worker_pool.h"
#include "engine/query/query_engine.h"
#include "server/api/native_query.h"
#include "server/cli/served_segments.h"
#include "server/http/http_server.h"
#include "storage/segment/catalog.h"
#include "tests/server/http/raw_client.h"

namespace sarsen::server {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kQuery = R"({"queryType":"timeBoundary","dataSource":"wikipedia"})";

constexpr const char* kSegments = SARSEN_SOURCE_DIR "/tests/golden/druid-33.0.0/segments/wikipedia";

std::string request_to(std::string_view path) {
  return "POST " + std::string(path) +
         " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " +
         std::to_string(kQuery.size()) + "\r\n\r\n" + std::string(kQuery);
}

/// A server with the engine behind it, and a handler that only gives the body back.
class Server {
 public:
  Server() : engine_(catalog_, pool_), http_(router_, HttpServerOptions()) {
    serve_segment_folder({"", kSegments}, catalog_);
    add_native_query_routes(router_, engine_, scheduler_, running_, cache_);
    router_.add("POST", "/echo", Execution::kPooled,
                [](const Request& request, ResponseWriter& writer) { writer.respond_json(200, request.body); });
    http_.start();
  }
  std::uint16_t port() const { return http_.port(); }

 private:
  storage::Catalog catalog_;
  engine::WorkerPool pool_;
  engine::QueryEngine engine_;
  QueryScheduler scheduler_{QuerySchedulerSettings{}, 1};
  RunningQueries running_;
  engine::ResultCache results_{0};
  CachedAnswers cache_{AnswerCacheSettings{}, results_};
  Router router_;
  HttpServer http_;
};

void ask(benchmark::State& state, std::string_view path, std::string_view end_of_answer) {
  const Server server;
  RawClient client(server.port());
  const std::string request = request_to(path);
  std::vector<double> micros;
  for (auto _ : state) {
    const auto start = Clock::now();
    benchmark::DoNotOptimize(client.send(request).read_until(end_of_answer));
    micros.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
  }
  std::sort(micros.begin(), micros.end());
  state.counters["p50_us"] = micros[micros.size() / 2];
  state.counters["p99_us"] = micros[micros.size() * 99 / 100];
}

void BM_Echo(benchmark::State& state) { ask(state, "/echo", kQuery); }
BENCHMARK(BM_Echo)->UseRealTime();

void BM_TimeBoundary(benchmark::State& state) { ask(state, "/druid/v2", "01:02:33.000Z\"}}]"); }
BENCHMARK(BM_TimeBoundary)->UseRealTime();

}  // namespace
}  // namespace sarsen::server
