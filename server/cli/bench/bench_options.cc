// The options of `sarsen bench`.
#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "server/cli/bench/bench.h"
#include "server/cli/commands.h"

namespace sarsen::server {

void add_bench(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("bench", "Measure queries on segments beside the bandwidth of memory");
  const auto options = std::make_shared<BenchOptions>();
  command->add_option("segments", options->segments, "Segments, or folders that are searched for them")->required();
  command->add_option("--query", options->queries,
                      "A native query as JSON, in place of the standard ones; may be repeated. Its data source is "
                      "whatever the segments are");
  command->add_option("--threads", options->threads, "Threads that scan [one per processor]")
      ->check(CLI::Range(1, 1024));
  command->add_option("--seconds", options->seconds, "How long each query is repeated [1]")
      ->check(CLI::Range(0.0, 3600.0));
  command->add_flag("--json", options->json, "JSON instead of a table");
  command->footer(std::string("\nExamples:\n"
                              "  sarsen bench ./segments/wikiticker/2015-09-12\n"
                              "  sarsen bench index.zip --query top_pages.json --threads 1 --seconds 5 --json\n") +
                  kExitText);
  command->callback([options, &chosen] { chosen = [options] { return bench(*options); }; });
}

}  // namespace sarsen::server
