#include "ingest/s3/s3_connection_field.h"

#include <string>

#include "ingest/http/password_provider.h"
#include "storage/base/ascii_case.h"
#include "storage/base/error.h"
#include "storage/base/percent_encoding.h"

namespace sarsen::ingest {
namespace {

constexpr std::int64_t kPortMax = 65'535;

void parse_keys(const JsonField& json, S3Connection& connection) {
  if (json["assumeRoleArn"].present())
    throw Error(ErrorCategory::kUnsupported,
                json["assumeRoleArn"].path() + ": roles are not supported yet; give accessKeyId and secretAccessKey");
  const JsonField access_key = json["accessKeyId"];
  const JsonField secret_key = json["secretAccessKey"];
  if (!access_key.present() && !secret_key.present()) return;
  if (!access_key.present()) access_key.fail("accessKeyId cannot be null if secretAccessKey is given");
  if (!secret_key.present()) secret_key.fail("secretAccessKey cannot be null if accessKeyId is given");
  connection.access_key = parse_password(access_key);
  connection.secret_key = parse_password(secret_key);
  connection.session_token.clear();
}

std::string parse_protocol(const JsonField& json) {
  const std::string protocol = storage::lower_ascii(json.string_or("https"));
  if (protocol != "http" && protocol != "https") json.fail("http or https is wanted: " + protocol);
  return protocol;
}

/// The region in the name of one of Amazon's hosts: "https://s3.eu-central-1.amazonaws.com".
std::string region_of(const std::string& url) {
  constexpr std::string_view kHost = "://s3.", kEnd = ".amazonaws.com";
  const std::size_t host = url.find(kHost), end = url.find(kEnd);
  if (host == std::string::npos || end == std::string::npos || end < host + kHost.size()) return "";
  return url.substr(host + kHost.size(), end - host - kHost.size());
}

void parse_endpoint(const JsonField& json, const std::string& protocol, S3Connection& connection) {
  std::string region;
  if (json["url"].present()) {
    connection.endpoint = json["url"].string();
    if (connection.endpoint.find("://") == std::string::npos)
      connection.endpoint = protocol + "://" + connection.endpoint;
    if (!connection.endpoint.starts_with("http://") && !connection.endpoint.starts_with("https://"))
      json["url"].fail("an address of http or https is wanted");
    region = region_of(connection.endpoint);
  }
  region = json["signingRegion"].string_or(region);
  if (!region.empty()) connection.region = region;
}

void parse_proxy(const JsonField& json, const std::string& protocol, S3Connection& connection) {
  const std::string host = json["host"].string_or("");
  if (host.empty()) return;
  const std::int64_t port = json["port"].integer_or(-1);
  if (port == 0 || port > kPortMax) json["port"].fail("a port is wanted");
  std::string user = json["username"].string_or("");
  if (!user.empty()) user = percent_encoded(user) + ":" + percent_encoded(parse_password(json["password"])) + "@";
  connection.proxy = protocol + "://" + user + host + (port < 0 ? "" : ":" + std::to_string(port));
}

}  // namespace

S3Connection parse_s3_connection(const JsonField& input_source, S3Connection otherwise) {
  S3Connection connection = std::move(otherwise);
  const JsonField client = input_source["clientConfig"];
  const std::string protocol = parse_protocol(client["protocol"]);
  parse_endpoint(input_source["endpointConfig"], protocol, connection);
  connection.path_style = client["enablePathStyleAccess"].boolean_or(!client.present() && connection.path_style);
  parse_proxy(input_source["proxyConfig"], protocol, connection);
  parse_keys(input_source["properties"], connection);
  if (connection.access_key.empty() || connection.secret_key.empty())
    input_source.fail(
        "no keys for S3: give properties.accessKeyId and properties.secretAccessKey, or druid.s3.accessKey and "
        "druid.s3.secretKey to the server");
  return connection;
}

}  // namespace sarsen::ingest
