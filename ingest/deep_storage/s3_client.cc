#include "ingest/deep_storage/s3_client.h"

#include <zlib.h>

#include <utility>

#include "ingest/http/http_retries.h"
#include "storage/base/base64.h"
#include "storage/base/error.h"
#include "storage/base/mapped_file.h"

namespace sarsen::ingest {
namespace {

constexpr HttpRetries kRetries{.tries_max = 8, .first_pause = std::chrono::milliseconds(100)};
constexpr std::uintmax_t kObjectBytesMax = std::uintmax_t{5} << 30;  // S3's, of one request
constexpr std::size_t kListedMax = 100'000;                          // keys of one segment

/// As the protocol's signatures want it: all but letters, digits and four signs.
std::string encoded(std::string_view text, std::string_view also_plain = "") {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9');
    if (letter || std::string_view("-._~").find(c) != std::string_view::npos ||
        also_plain.find(c) != std::string_view::npos)
      result += c;
    else
      (result += '%').append({kDigits[byte >> 4], kDigits[byte & 15]});
  }
  return result;
}

/// The checksum of a file as the protocol writes it: four bytes, the highest first.
std::string crc32_text(const std::filesystem::path& path) {
  const MappedFile file(path);
  const uLong crc = crc32_z(crc32_z(0, nullptr, 0), reinterpret_cast<const Bytef*>(file.bytes().data()), file.size());
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(crc >> shift & 0xFF);
  return base64(bytes);
}

/// The five entities of XML.
std::string plain(std::string text) {
  constexpr std::pair<std::string_view, char> kEntities[] = {
      {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&amp;", '&'}};
  for (const auto& [entity, character] : kEntities)
    for (std::size_t at = text.find(entity); at != std::string::npos; at = text.find(entity, at + 1))
      text.replace(at, entity.size(), 1, character);
  return text;
}

/// What stands in the next <NAME>…</NAME> from `at` on, which is moved behind it; "" where there is none.
std::string next_element(std::string_view xml, const std::string& name, std::size_t& at) {
  const std::string begin = "<" + name + ">", end = "</" + name + ">";
  const std::size_t from = xml.find(begin, at);
  const std::size_t to = from == std::string_view::npos ? from : xml.find(end, from);
  at = to == std::string_view::npos ? xml.size() : to + end.size();
  if (to == std::string_view::npos) return "";
  return plain(std::string(xml.substr(from + begin.size(), to - from - begin.size())));
}

std::string element(std::string_view xml, const std::string& name) {
  std::size_t at = 0;
  return next_element(xml, name, at);
}

/// What the server says of a problem; "" where it says nothing.
std::string said_in(std::string_view body) {
  const std::string code = element(body, "Code"), message = element(body, "Message");
  return code.empty() ? "" : " (" + code + ": " + message + ")";
}

}  // namespace

std::string S3Client::url(const std::string& bucket, std::string_view key) const {
  std::string endpoint = connection_.endpoint;
  if (endpoint.empty()) endpoint = "https://s3." + connection_.region + ".amazonaws.com";
  while (endpoint.ends_with('/')) endpoint.pop_back();
  if (connection_.path_style) return endpoint + "/" + encoded(bucket) + "/" + encoded(key, "/");
  const std::size_t host = endpoint.find("://") + 3;
  return endpoint.substr(0, host) + bucket + "." + endpoint.substr(host) + "/" + encoded(key, "/");
}

HttpAnswer S3Client::send(HttpExchange exchange, const std::string& what) const {
  exchange.user = connection_.access_key;
  exchange.password = connection_.secret_key;
  exchange.signature = "aws:amz:" + connection_.region + ":s3";
  exchange.proxy = connection_.proxy;
  exchange.follow_redirects = false;  // signatures are for one host
  exchange.headers.emplace_back("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
  if (!connection_.session_token.empty())
    exchange.headers.emplace_back("x-amz-security-token", connection_.session_token);
  return http_exchange(exchange, what, kRetries, said_in);
}

void S3Client::put(const std::string& bucket, const std::string& key, const std::filesystem::path& file,
                   const Headers& headers) const {
  const std::string what = "store s3://" + bucket + "/" + key;
  if (std::filesystem::file_size(file) > kObjectBytesMax)
    throw Error(ErrorCategory::kRuntimeFailure,
                "Cannot " + what + ": it has more than 5 GiB, so make smaller segments (partitionsSpec)");
  HttpExchange exchange{.method = "PUT", .url = url(bucket, key), .headers = headers, .body = file};
  // The server holds the body against it, so that what is damaged on the way is not stored.
  exchange.headers.emplace_back("x-amz-checksum-crc32", crc32_text(file));
  send(std::move(exchange), what);
}

void S3Client::get(const std::string& bucket, const std::string& key, const std::filesystem::path& file) const {
  send({.url = url(bucket, key), .target = file}, "fetch s3://" + bucket + "/" + key);
}

void S3Client::remove(const std::string& bucket, const std::string& key) const {
  try {
    send({.method = "DELETE", .url = url(bucket, key)}, "delete s3://" + bucket + "/" + key);
  } catch (const Error& error) {
    if (error.category() != ErrorCategory::kNotFound) throw;
  }
}

std::vector<std::string> S3Client::list(const std::string& bucket, const std::string& prefix) const {
  std::vector<std::string> keys;
  std::string continuation;
  do {
    // In the order of names, as the signature has them.
    std::string query = continuation.empty() ? "?" : "?continuation-token=" + encoded(continuation) + "&";
    query += "list-type=2&prefix=" + encoded(prefix);
    const HttpAnswer answer = send({.url = url(bucket, "") + query}, "list the keys of s3://" + bucket + "/" + prefix);
    for (std::size_t at = 0; at < answer.body.size();)
      if (std::string key = next_element(answer.body, "Key", at); !key.empty()) keys.push_back(std::move(key));
    const bool more = element(answer.body, "IsTruncated") == "true";
    continuation = more ? element(answer.body, "NextContinuationToken") : "";
    if (keys.size() > kListedMax)
      throw Error(ErrorCategory::kRuntimeFailure, "Too many keys begin with s3://" + bucket + "/" + prefix);
  } while (!continuation.empty());
  return keys;
}

}  // namespace sarsen::ingest
