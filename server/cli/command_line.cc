#include "server/cli/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/api/status.h"
#include "server/cli/dump.h"
#include "server/cli/exit_status.h"
#include "server/cli/ingest.h"
#include "server/cli/produce.h"
#include "server/cli/query.h"
#include "server/cli/serve.h"
#include "server/cli/server_settings.h"
#include "storage/base/error.h"
#include "storage/base/json.h"

namespace sarsen::server {
namespace {

constexpr std::uint16_t kKafkaPort = 9092;

constexpr const char* kExitText = "\nExit status: 0 done, 1 failed, 2 wrong usage.\n";

/// Subcommands that a user of the finished program will look for.
constexpr std::pair<std::string_view, std::string_view> kNotThere[] = {
    {"sql", "SQL is not part of this version; `sarsen query` runs native queries"},
    {"verify", "checking segments is not part of this version; `sarsen dump` opens and reads them"},
    {"bench", "benchmarks are not part of this program yet; see bench/ in the sources"}};

std::pair<std::string, std::string> parse_setting(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) throw CLI::ValidationError("--set", "must be NAME=VALUE, but is: " + text);
  return {text.substr(0, equals), text.substr(equals + 1)};
}

/// What the options of `serve` are parsed into before they become ServeOptions.
struct ServeArguments {
  ServeOptions options;
  std::vector<std::string> settings;
  std::map<std::string, std::string> shorthand;  // property -> value
  std::vector<std::string> specs;
  std::string kafka_port;
};

void add_shorthand(CLI::App& command, const std::string& option, const std::string& property, const std::string& doc,
                   ServeArguments& arguments) {
  command.add_option_function<std::string>(
      option, [&arguments, property](const std::string& value) { arguments.shorthand[property] = value; }, doc);
}

ServeOptions options_of(ServeArguments& arguments, const CLI::Option& kafka) {
  ServeOptions options = arguments.options;
  for (const std::string& setting : arguments.settings) options.properties.push_back(parse_setting(setting));
  for (const auto& [property, value] : arguments.shorthand) options.properties.emplace_back(property, value);
  for (const std::string& spec : arguments.specs) options.properties.emplace_back("druid.realtime.specFile", spec);
  if (kafka.count() > 0) {
    const std::string& text = arguments.kafka_port;
    if (!text.empty() &&
        (text.size() > 5 || text.find_first_not_of("0123456789") != std::string::npos || std::stoul(text) > 65535))
      throw CLI::ValidationError("--embedded-kafka", "takes a port, not: " + text);
    options.embedded_kafka = text.empty() ? kKafkaPort : static_cast<std::uint16_t>(std::stoul(text));
  }
  return options;
}

void add_serve(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command = app.add_subcommand("serve", "Serve segments and realtime data over HTTP, as a Druid node does");
  const auto arguments = std::make_shared<ServeArguments>();
  add_shorthand(*command, "--host", "druid.host", "Address to listen on [127.0.0.1]", *arguments);
  add_shorthand(*command, "--port", "druid.plaintextPort", "Port to listen on; 0: any [8082]", *arguments);
  add_shorthand(*command, "--data", "sarsen.data",
                "Data folder: segments/ in it is served, realtime data persisted "
                "[./sarsen-data]",
                *arguments);
  command->add_option("--segments", arguments->options.segments,
                      "Serve every V9 segment below DIR read-only, as [NAME=]DIR; may be repeated");
  command->add_option("--spec", arguments->specs,
                      "Realtime specification (Druid 0.7's wikipedia.spec); may be repeated");
  command->add_option("--config", arguments->options.config, "Settings in a .properties file");
  command->add_option("--set", arguments->settings, "One setting, NAME=VALUE; may be repeated");
  CLI::Option* kafka =
      command->add_option("--embedded-kafka", arguments->kafka_port,
                          "Run a Kafka broker inside this process, in memory; its port, 0 for any [9092]");
  kafka->expected(0, 1);
  command->footer([] {
    return "\nSettings (for --config and --set), with their defaults:\n" + describe_settings() +
           "\nExamples:\n"
           "  sarsen serve --segments ./segments\n"
           "  sarsen serve --spec wikipedia.spec --port 8084 --embedded-kafka\n"
           "  sarsen serve --config runtime.properties --set druid.processing.numThreads=4\n" +
           kExitText;
  });
  command->callback(
      [arguments, kafka, &chosen] { chosen = [options = options_of(*arguments, *kafka)] { return serve(options); }; });
}

void add_ingest(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command = app.add_subcommand("ingest", "Run a batch task: files to segments");
  const auto options = std::make_shared<IngestOptions>();
  command->add_option("task", options->task, "An index or index_parallel task as JSON; - for standard input")
      ->required();
  command->add_option("--base-dir", options->base_dir, "Where the task's relative paths begin [the working directory]");
  CLI::Option_group* target = command->add_option_group("Where the segments go");
  target->add_option("--data", options->data, "A server's data folder: into its segments/, as in Druid's deep storage");
  target->add_option("--out", options->out, "A plain folder: OUT/<dataSource>/<day>");
  target->require_option(1);
  command->footer(std::string("\nExamples:\n"
                              "  sarsen ingest wikiticker.task.json --base-dir ./data --data ./sarsen-data\n"
                              "  sarsen ingest task.json --out ./segments\n") +
                  kExitText);
  command->callback([options, &chosen] { chosen = [options] { return ingest(*options); }; });
}

void add_query(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command = app.add_subcommand("query", "Run a native query on a server, or on segments without one");
  const auto options = std::make_shared<QueryOptions>();
  command->add_option("file", options->file, "The query as JSON; - for standard input")->required();
  CLI::Option* url = command->add_option("--url", options->url, "The server [http://127.0.0.1:8082]");
  command->add_option("--segments", options->segments, "Run without a server on the segments below DIR, as [NAME=]DIR")
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

void add_dump(CLI::App& app, std::function<int()>& chosen) {
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

void add_produce(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* command = app.add_subcommand("produce", "Send the lines of a file to a Kafka topic");
  const auto options = std::make_shared<ProduceOptions>();
  command->add_option("file", options->file, "One message a line; - for standard input")->required();
  command->add_option("--topic", options->topic, "The topic")->required();
  command->add_option("--brokers", options->brokers, "HOST:PORT,... [127.0.0.1:9092]");
  command->footer(std::string("\nExamples:\n"
                              "  sarsen produce events.json --topic wikipedia\n"
                              "  tail -f log.json | sarsen produce - --topic log --brokers kafka1:9092\n") +
                  kExitText);
  command->callback([options, &chosen] { chosen = [options] { return produce(*options); }; });
}

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

int run(const std::function<int()>& chosen) {
  try {
    return chosen();
  } catch (const std::exception& error) {
    return complain(error.what(), kFailure);
  }
}

}  // namespace

int run_command_line(int argc, char** argv) {
  CLI::App app("Sarsen: Apache Druid's segments, queries and realtime ingestion in one program", "sarsen");
  app.set_version_flag("--version", "sarsen " + std::string(program_version()));
  app.require_subcommand(1);
  std::function<int()> chosen;
  add_serve(app, chosen);
  add_ingest(app, chosen);
  add_query(app, chosen);
  add_dump(app, chosen);
  add_produce(app, chosen);
  app.footer(
      "\nExamples:\n"
      "  sarsen serve --segments ./segments\n"
      "  sarsen query query.json --segments ./segments\n"
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
