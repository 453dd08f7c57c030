// The options of `sarsen query`.
#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "server/cli/commands.h"
#include "server/cli/query.h"

namespace sarsen::server {

void add_query(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("query", "Run a native query on a server, or on segments without one");
  const auto options = std::make_shared<QueryOptions>();
  command->add_option("file", options->file, "The query as JSON; - for standard input")->required();
  CLI::Option* url = command->add_option("--url", options->url, "The server [http://127.0.0.1:8082]");
  command
      ->add_option("--segments", options->segments,
                   "Run without a server on the segments below DIR; [NAME=]DIR names those without a descriptor")
      ->excludes(url);
  const auto add_format = [&](const std::string& name, OutputFormat format, const std::string& doc) {
    command->add_flag_callback(name, [options, format] { options->format = format; }, doc);
  };
  add_format("--table", OutputFormat::kTable, "A table (the default on a terminal)");
  add_format("--json", OutputFormat::kJson, "JSON on one line (the default elsewhere)");
  add_format("--pretty", OutputFormat::kPretty, "JSON with line breaks");
  command->footer(std::string("\nExamples:\n"
                              "  sarsen query top_pages.json --url http://127.0.0.1:8082\n"
                              "  echo '{\"queryType\":\"timeBoundary\",\"dataSource\":\"wiki\"}' | sarsen query - "
                              "--segments wiki=./segment\n") +
                  kExitText);
  command->callback([options, &chosen] { chosen = [options] { return query(*options); }; });
}

}  // namespace sarsen::server
