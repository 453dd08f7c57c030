#include "server/cli/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "server/api/status.h"
#include "server/cli/commands.h"
#include "server/cli/exit_status.h"
#include "server/cli/output.h"
#include "storage/base/error.h"
#include "storage/base/json.h"

namespace sarsen::server {
namespace {

/// Subcommands that a user of the finished program will look for.
constexpr std::pair<std::string_view, std::string_view> kNotThere[] = {
    {"sql", "SQL is not part of this version; `sarsen query` runs native queries"}};

int complain(const std::string& message, int status) {
  fmt::print(stderr, "sarsen: {}\n", message);
  return status;
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  return names;
}

/// Commands that do not exist, with what there is instead.
int refuse_unknown_command(const std::string& name, const std::vector<std::string>& known) {
  for (const auto& [command, message] : kNotThere)
    if (name == command) return complain(name + ": " + std::string(message), kWrongUsage);
  return complain("there is no command " + name + suggestion(name, known) + "; see sarsen --help", kWrongUsage);
}

/// CLI11's words, and what a misspelt option may have been meant to be.
int refuse_usage(const CLI::App& app, const CLI::ParseError& error) {
  const int status = app.exit(error);
  if (status == 0) return kSuccess;  // --help and --version come this way, too
  if (dynamic_cast<const CLI::ExtrasError*>(&error) == nullptr) return kWrongUsage;
  std::vector<std::string> known;
  for (const CLI::App* command : app.get_subcommands())
    for (const CLI::Option* option : command->get_options()) known.push_back(option->get_name());
  for (const std::string& word : app.remaining(true))
    if (const std::string hint = suggestion(word, known); word.starts_with("--") && !hint.empty())
      fmt::print(stderr, "{}:{}\n", word, hint);
  return kWrongUsage;
}

int run(const Chosen& chosen) {
  try {
    return chosen();
  } catch (const OutputClosed&) {
    return kSuccess;
  } catch (const std::exception& error) {
    return complain(error.what(), kFailure);
  }
}

}  // namespace

int run_command_line(int argc, char** argv) {
  CLI::App app("Sarsen: Apache Druid's segments, queries and realtime ingestion in one program", "sarsen");
  app.set_version_flag("--version", "sarsen " + std::string(program_version()));
  app.require_subcommand(1);
  Chosen chosen;
  add_serve(app, chosen);
  add_ingest(app, chosen);
  add_query(app, chosen);
  add_dump(app, chosen);
  add_merge(app, chosen);
  add_produce(app, chosen);
  add_verify(app, chosen);
  add_bench(app, chosen);
  app.footer(
      "\nExamples:\n"
      "  sarsen serve --segments ./segments\n"
      "  sarsen query query.json --segments ./segments\n"
      "  sarsen dump ./segments/wikiticker/2015-09-12 --rows --limit 10\n"
      "  sarsen verify ./segments\n"
      "  sarsen bench ./segments --seconds 2\n"
      "\n`sarsen COMMAND --help` tells more.\n");
  const std::vector<std::string> known = command_names(app);
  if (argc > 1 && argv[1][0] != '-' && std::find(known.begin(), known.end(), argv[1]) == known.end())
    return refuse_unknown_command(argv[1], known);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return refuse_usage(app, error);
  }
  return run(chosen);
}

}  // namespace sarsen::server
