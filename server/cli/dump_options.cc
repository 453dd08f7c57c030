// The options of `sarsen dump`.
#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "server/cli/commands.h"
#include "server/cli/dump.h"

namespace sarsen::server {

void add_dump(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("dump", "Show what a segment holds: columns, metadata, rows");
  const auto options = std::make_shared<DumpOptions>();
  command->add_option("segment", options->segment, "A segment's folder or its index.zip")->required();
  CLI::Option* metadata = command->add_flag_callback(
      "--metadata", [options] { options->kind = DumpKind::kMetadata; }, "The segment's own metadata as JSON");
  command
      ->add_flag_callback(
          "--rows", [options] { options->kind = DumpKind::kRows; },
          "The rows, one JSON object a line; complex values as base64")
      ->excludes(metadata);
  command->add_flag("--json", options->json, "Columns as JSON instead of a table");
  command->add_option("--columns", options->columns, "Only these columns, separated by commas")->delimiter(',');
  command->add_option("--limit", options->limit, "At most so many rows");
  command->footer(std::string("\nExamples:\n"
                              "  sarsen dump ./segments/wikiticker/2015-09-12\n"
                              "  sarsen dump index.zip --rows --columns __time,page --limit 10\n") +
                  kExitText);
  command->callback([options, &chosen] { chosen = [options] { return dump(*options); }; });
}

}  // namespace sarsen::server
