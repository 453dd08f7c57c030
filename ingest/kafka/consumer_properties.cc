// From what Java's consumer is told to what librdkafka is told.
#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "engine/text/java_pattern.h"
#include "ingest/kafka/client_configuration.h"
#include "ingest/kafka/kafka_settings.h"
#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

[[noreturn]] void refuse(const std::string& name, const std::string& problem) {
  throw Error(ErrorCategory::kInvalidInput, "consumerProperties: " + name + ": " + problem);
}

std::string environment(const std::string& name, const std::string& variable) {
  const char* value = std::getenv(variable.c_str());
  if (value == nullptr) refuse(name, "the environment has no variable " + variable);
  return value;
}

/// A text, or one of Druid's password providers.
std::string value_of(const std::string& name, const JsonField& json) {
  if (!json.json().is_object()) return json.string();
  const std::string type = json["type"].string_or("default");
  if (type == "default") return json["password"].string();
  if (type == "environment") return environment(name, json["variable"].string());
  json["type"].fail("unknown password provider: " + type + suggestion(type, {"default", "environment"}));
}

/// druid.dynamic.config.provider
void add_provided(const JsonField& json, ConsumerProperties& properties) {
  const std::string type = json["type"].string();
  if (type == "mapString") {
    for (const auto& [name, value] : json["config"].members()) properties[name] = value.string();
  } else if (type == "environment") {
    for (const auto& [name, variable] : json["variables"].members())
      properties[name] = environment(name, variable.string());
  } else {
    json["type"].fail("unknown config provider: " + type + suggestion(type, {"mapString", "environment"}));
  }
}

std::optional<std::string> taken(ConsumerProperties& properties, const std::string& name) {
  auto node = properties.extract(name);
  if (node.empty()) return std::nullopt;
  return std::move(node.mapped());
}

/// As Java's tokenizer reads a quoted text, but for its names of control characters.
std::string unescaped(const std::string& quoted) {
  std::string text;
  for (std::size_t at = 0; at < quoted.size(); ++at) {
    if (quoted[at] == '\\' && at + 1 < quoted.size()) ++at;
    text += quoted[at];
  }
  return text;
}

/// The value of an option inside a JAAS configuration, `… LoginModule required username="u" password="p";`.
std::optional<std::string> jaas_option(const std::string& jaas, const std::string& option) {
  const engine::JavaPattern pattern("\\b" + option +
                                    R"re(\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s;"']+)))re");
  const auto groups = pattern.find_groups(jaas);
  if (!groups) return std::nullopt;
  if ((*groups)[3]) return (*groups)[3];
  return unescaped((*groups)[1] ? *(*groups)[1] : *(*groups)[2]);
}

void translate_jaas(ConsumerProperties& properties) {
  const auto jaas = taken(properties, "sasl.jaas.config");
  if (!jaas) return;
  static constexpr std::pair<const char*, const char*> kOptions[] = {{"username", "sasl.username"},
                                                                     {"password", "sasl.password"},
                                                                     {"clientId", "sasl.oauthbearer.client.id"},
                                                                     {"clientSecret", "sasl.oauthbearer.client.secret"},
                                                                     {"scope", "sasl.oauthbearer.scope"},
                                                                     {"keyTab", "sasl.kerberos.keytab"},
                                                                     {"principal", "sasl.kerberos.principal"}};
  bool found = false;
  for (const auto& [option, property] : kOptions)
    if (const auto value = jaas_option(*jaas, option)) {
      properties.emplace(property, *value);
      found = true;
    }
  if (!found)
    refuse("sasl.jaas.config", "no username and password in it; or give sasl.username and sasl.password instead of it");
}

/// Java's stores: those of type PEM become librdkafka's files, PKCS12 keys it reads itself.
void translate_stores(ConsumerProperties& properties) {
  const std::string trust_type = taken(properties, "ssl.truststore.type").value_or("JKS");
  if (const auto location = taken(properties, "ssl.truststore.location")) {
    if (trust_type != "PEM")
      refuse("ssl.truststore.location",
             "a store of type " + trust_type + " can be read by Java only; give ssl.ca.location, a file of type PEM");
    properties.emplace("ssl.ca.location", *location);
  }
  if (const auto certificates = taken(properties, "ssl.truststore.certificates"))
    properties.emplace("ssl.ca.pem", *certificates);
  taken(properties, "ssl.truststore.password");  // a PEM file of certificates has none
  const std::string key_type = taken(properties, "ssl.keystore.type").value_or("JKS");
  if (key_type == "PEM") {
    if (const auto location = taken(properties, "ssl.keystore.location")) {
      properties.emplace("ssl.certificate.location", *location);
      properties.emplace("ssl.key.location", *location);
    }
  } else if (key_type != "PKCS12" && properties.contains("ssl.keystore.location")) {
    refuse("ssl.keystore.location",
           "a store of type " + key_type + " can be read by Java only; PKCS12 and PEM are (ssl.keystore.type)");
  }
  if (const auto chain = taken(properties, "ssl.keystore.certificate.chain"))
    properties.emplace("ssl.certificate.pem", *chain);
  if (const auto key = taken(properties, "ssl.keystore.key")) properties.emplace("ssl.key.pem", *key);
  if (const auto algorithm = properties.find("ssl.endpoint.identification.algorithm");
      algorithm != properties.end() && algorithm->second.empty())
    algorithm->second = "none";
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Forced in Druid too, whatever the spec says.
bool is_forced(std::string_view name) {
  return is_one_of(name, {"enable.auto.commit", "auto.offset.reset", "metadata.max.age.ms"});
}

void drop_unknown(ConsumerProperties& properties) {
  std::erase_if(properties, [&](const auto& property) {
    const std::string& name = property.first;
    if (is_forced(name)) return true;
    if (is_kafka_setting(name) || is_known_property(name)) return false;
    log_warn("consumerProperties: {} is known to Java's Kafka client only, or to nobody, and is passed over{}", name,
             suggestion(name, known_properties()));
    return true;
  });
}

}  // namespace

ConsumerProperties parse_consumer_properties(const JsonField& json) {
  ConsumerProperties properties;
  for (const auto& [name, value] : json.members()) {
    if (name == "druid.dynamic.config.provider")
      add_provided(value, properties);
    else if (value.present())
      properties[name] = value_of(name, value);
  }
  if (!properties.contains("bootstrap.servers") || properties["bootstrap.servers"].empty())
    json.fail("consumerProperties must contain entry for [bootstrap.servers]");
  translate_jaas(properties);
  translate_stores(properties);
  drop_unknown(properties);
  return properties;
}

}  // namespace sarsen::ingest
