// The options of `sarsen merge`.
#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "server/cli/commands.h"
#include "server/cli/merge.h"

namespace sarsen::server {

void add_merge(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("merge", "Merge segments into one, or write one in another format");
  const auto options = std::make_shared<MergeCommand>();
  command->add_option("segments", options->segments, "Segments: their folders or index.zip files")->required();
  command->add_option("--out", options->out, "The new segment's folder, which must not exist")->required();
  CLI::Option* rollup =
      command->add_flag("--rollup", options->rollup, "Rows with equal time and dimensions become one");
  command
      ->add_flag("--no-rollup", options->no_rollup,
                 "All rows stay. [With neither: rollup where all of several segments say that they are rolled up]")
      ->excludes(rollup);
  command->add_option("--index-spec", options->index_spec,
                      "How columns are encoded: Druid's indexSpec as JSON, or a preset's name [Druid's defaults]");
  command->add_option("--metrics", options->metrics,
                      "A file with the metricsSpec to roll up by; - for standard input [the segments' own]");
  command->add_option("--interval", options->interval, "Only rows whose time lies in it, as START/END");
  command->add_option("--query-granularity", options->query_granularity,
                      "Truncate times to it, as \"hour\" or JSON [times as they are]");
  command->add_flag("--force", options->force, "Replace the segment that is there");
  command->footer(std::string("\nExamples:\n"
                              "  sarsen merge ./day/0 ./day/1 ./day/2 --out ./merged\n"
                              "  sarsen merge old/index.zip --out ./new\n"
                              "  sarsen merge ./hours/* --out ./day --rollup --query-granularity day\n"
                              "  sarsen merge ./segment --out ./plain --index-spec scan\n") +
                  kExitText);
  command->callback([options, &chosen] { chosen = [options] { return merge(*options); }; });
}

}  // namespace sarsen::server
