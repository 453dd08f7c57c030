// The options of `sarsen produce`.
#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "server/cli/commands.h"
#include "server/cli/produce.h"

namespace sarsen::server {

void add_produce(CLI::App& app, Chosen& chosen) {
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

}  // namespace sarsen::server
