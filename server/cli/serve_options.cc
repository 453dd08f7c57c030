// The options of `sarsen serve`.
#include <CLI/CLI.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/cli/commands.h"
#include "server/cli/serve.h"
#include "server/cli/server_settings.h"

namespace sarsen::server {
namespace {

constexpr std::uint16_t kKafkaPort = 9092;

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

}  // namespace

void add_serve(CLI::App& app, Chosen& chosen) {
  CLI::App* command = app.add_subcommand("serve", "Serve segments and realtime data over HTTP, as a Druid node does");
  const auto arguments = std::make_shared<ServeArguments>();
  add_shorthand(*command, "--host", "druid.host", "Address to listen on [127.0.0.1]", *arguments);
  add_shorthand(*command, "--port", "druid.plaintextPort", "Port to listen on; 0: any [8082]", *arguments);
  add_shorthand(*command, "--data", "sarsen.data",
                "Data folder: segments/ in it is served, realtime data persisted "
                "[./sarsen-data]",
                *arguments);
  command->add_option(
      "--segments", arguments->options.segments,
      "Serve every V9 segment below DIR read-only; [NAME=]DIR names those without a descriptor; may be repeated");
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

}  // namespace sarsen::server
