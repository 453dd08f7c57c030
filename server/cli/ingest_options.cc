// The options of `sarsen ingest`.
#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "server/cli/commands.h"
#include "server/cli/ingest.h"

namespace sarsen::server {

void add_ingest(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("ingest", "Run a batch task: files to segments");
  const auto options = std::make_shared<IngestOptions>();
  command->add_option("task", options->task, "An index or index_parallel task as JSON; - for standard input")
      ->required();
  command->add_option("--base-dir", options->base_dir, "Where the task's relative paths begin [the working directory]");
  command->add_option("--report", options->report,
                      "A file for the task report, as Druid writes it; - for standard output");
  CLI::Option_group* target = command->add_option_group("Where the segments go");
  target->add_option("--data", options->data, "A server's data folder: into its segments/, as in Druid's deep storage");
  command->add_option("--config", options->config,
                      "With --data: settings in a .properties file (druid.storage.*, druid.metadata.storage.*)");
  target->add_option("--out", options->out, "A plain folder: OUT/<dataSource>/<day>");
  target->require_option(1);
  command->footer(std::string("\nExamples:\n"
                              "  sarsen ingest wikiticker.task.json --base-dir ./data --data ./sarsen-data\n"
                              "  sarsen ingest task.json --out ./segments\n") +
                  kExitText);
  command->callback([options, &chosen] { chosen = [options] { return ingest(*options); }; });
}

}  // namespace sarsen::server
