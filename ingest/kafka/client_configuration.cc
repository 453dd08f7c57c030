#include "ingest/kafka/client_configuration.h"

#include <array>
#include <cstddef>
#include <vector>

#include "ingest/kafka/client_handle.h"
#include "storage/base/error.h"
#include "storage/base/json.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

using ErrorText = std::array<char, 512>;

/// librdkafka speaks syslog's levels. What it calls an error is mostly a broker that is away for a while.
void write_log(const rd_kafka_t*, int level, const char* facility, const char* text) {
  if (level <= 2)
    log_error("Kafka {}: {}", facility, text);
  else if (level <= 4)
    log_warn("Kafka {}: {}", facility, text);
  else
    log_debug("Kafka {}: {}", facility, text);
}

}  // namespace

bool is_known_property(const std::string& name) {
  const ConfigurationHandle configuration(rd_kafka_conf_new());
  ErrorText text{};
  return rd_kafka_conf_set(configuration.get(), name.c_str(), "", text.data(), text.size()) != RD_KAFKA_CONF_UNKNOWN;
}

std::vector<std::string> known_properties() {
  const ConfigurationHandle configuration(rd_kafka_conf_new());
  std::size_t count = 0;
  const char** pairs = rd_kafka_conf_dump(configuration.get(), &count);
  std::vector<std::string> names;
  for (std::size_t at = 0; at < count; at += 2) names.emplace_back(pairs[at]);
  rd_kafka_conf_dump_free(pairs, count);
  return names;
}

ConfigurationHandle make_configuration(const std::map<std::string, std::string>& properties, const std::string& where) {
  ConfigurationHandle configuration(rd_kafka_conf_new());
  rd_kafka_conf_set_log_cb(configuration.get(), write_log);
  ErrorText text{};
  for (const auto& [name, value] : properties) {
    const auto result = rd_kafka_conf_set(configuration.get(), name.c_str(), value.c_str(), text.data(), text.size());
    if (result == RD_KAFKA_CONF_UNKNOWN)
      throw Error(ErrorCategory::kInvalidInput,
                  where + ": unknown property: " + name + suggestion(name, known_properties()));
    if (result != RD_KAFKA_CONF_OK)
      throw Error(ErrorCategory::kInvalidInput, where + ": the property " + name + ": " + text.data());
  }
  return configuration;
}

void check_properties(const std::map<std::string, std::string>& properties, const std::string& where) {
  make_configuration(properties, where);
}

rd_kafka_t* make_client(rd_kafka_type_t type, ConfigurationHandle configuration) {
  ErrorText text{};
  rd_kafka_t* client = rd_kafka_new(type, configuration.get(), text.data(), text.size());
  if (client == nullptr)
    throw Error(ErrorCategory::kInvalidInput, std::string("The Kafka client cannot be made: ") + text.data());
  static_cast<void>(configuration.release());  // the client has it now
  return client;
}

}  // namespace sarsen::ingest
