#include "ingest/s3/s3_client.h"

#include <zlib.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "ingest/http/http_retries.h"
#include "ingest/s3/xml_text.h"
#include "storage/base/base64.h"
#include "storage/base/error.h"
#include "storage/base/log.h"
#include "storage/base/mapped_file.h"
#include "storage/base/percent_encoding.h"

namespace sarsen::ingest {
namespace {

constexpr HttpRetries kRetries{.tries_max = 8, .first_pause = std::chrono::milliseconds(100)};
constexpr std::uint64_t kObjectBytesMax = std::uint64_t{5} << 40;  // S3's
constexpr std::uint64_t kPartsMax = 10'000;                        // S3's, of one object
constexpr std::size_t kListedMax = 100'000;                        // keys of one segment

/// The checksum of a stretch of a file as the protocol writes it: four bytes, the highest first.
std::string crc32_text(const std::filesystem::path& path, std::uint64_t from, std::uint64_t bytes_wanted) {
  const MappedFile file(path);
  const auto stretch = file.bytes().subspan(from, bytes_wanted);
  const uLong crc = crc32_z(crc32_z(0, nullptr, 0), reinterpret_cast<const Bytef*>(stretch.data()), stretch.size());
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(crc >> shift & 0xFF);
  return base64(bytes);
}

/// What the server says of a problem; "" where it says nothing.
std::string said_in(std::string_view body) {
  const std::string code = xml_element(body, "Code"), message = xml_element(body, "Message");
  return code.empty() ? "" : " (" + code + ": " + message + ")";
}

void append_listed(std::string_view xml, std::vector<S3Listed>& objects) {
  for (std::size_t at = 0; at < xml.size();) {
    const std::string_view contents = next_xml_element(xml, "Contents", at);
    S3Listed object{.key = xml_element(contents, "Key")};
    const std::string size = xml_element(contents, "Size");
    std::from_chars(size.data(), size.data() + size.size(), object.bytes);
    if (!object.key.empty()) objects.push_back(std::move(object));
  }
}

}  // namespace

std::string S3Client::url(const std::string& bucket, std::string_view key) const {
  std::string endpoint = connection_.endpoint;
  if (endpoint.empty()) endpoint = "https://s3." + connection_.region + ".amazonaws.com";
  while (endpoint.ends_with('/')) endpoint.pop_back();
  if (connection_.path_style) return endpoint + "/" + percent_encoded(bucket) + "/" + percent_encoded(key, "/");
  const std::size_t host = endpoint.find("://") + 3;
  return endpoint.substr(0, host) + bucket + "." + endpoint.substr(host) + "/" + percent_encoded(key, "/");
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
  const std::uint64_t bytes = std::filesystem::file_size(file);
  if (bytes > kObjectBytesMax)
    throw Error(ErrorCategory::kRuntimeFailure,
                "Cannot " + what + ": it has more than 5 TiB, so make smaller segments (partitionsSpec)");
  if (bytes <= connection_.part_bytes) {
    HttpExchange exchange{.method = "PUT", .url = url(bucket, key), .headers = headers, .body = file};
    // The server holds the body against it, so that what is damaged on the way is not stored.
    exchange.headers.emplace_back("x-amz-checksum-crc32", crc32_text(file, 0, bytes));
    send(std::move(exchange), what);
    return;
  }
  HttpExchange begin{.method = "POST", .url = url(bucket, key) + "?uploads=", .headers = headers, .text = ""};
  begin.headers.emplace_back("x-amz-checksum-algorithm", "CRC32");
  const Upload upload{url(bucket, key), xml_element(send(std::move(begin), what).body, "UploadId"), what};
  if (upload.id.empty()) throw Error(ErrorCategory::kRuntimeFailure, "Cannot " + what + ": the server names no upload");
  try {
    put_in_parts(upload, file, bytes);
  } catch (...) {
    abort(upload);
    throw;
  }
}

void S3Client::put_in_parts(const Upload& upload, const std::filesystem::path& file, std::uint64_t bytes) const {
  const std::uint64_t part_bytes = std::max(connection_.part_bytes, (bytes + kPartsMax - 1) / kPartsMax);
  std::string parts;
  for (std::uint64_t from = 0, number = 1; from < bytes; from += part_bytes, ++number)
    parts += put_part(upload, file, number, from, std::min(part_bytes, bytes - from));
  complete(upload, parts);
}

/// What is said of the part when all are put together.
std::string S3Client::put_part(const Upload& upload, const std::filesystem::path& file, std::uint64_t number,
                               std::uint64_t from, std::uint64_t bytes) const {
  const std::string crc = crc32_text(file, from, bytes);
  const HttpAnswer answer =
      send({.method = "PUT",
            .url = upload.url + "?partNumber=" + std::to_string(number) + "&uploadId=" + percent_encoded(upload.id),
            .headers = {{"x-amz-checksum-crc32", crc}},
            .body = file,
            .body_from = from,
            .body_bytes = bytes},
           upload.what);
  if (answer.entity_tag.empty())
    throw Error(ErrorCategory::kRuntimeFailure, "Cannot " + upload.what + ": the server gives a part no ETag");
  return "<Part><ChecksumCRC32>" + crc + "</ChecksumCRC32><ETag>" + xml_escaped(answer.entity_tag) +
         "</ETag><PartNumber>" + std::to_string(number) + "</PartNumber></Part>";
}

/// A good status comes before the work is done, and perhaps an error after it.
void S3Client::complete(const Upload& upload, const std::string& parts) const {
  const HttpAnswer answer =
      send({.method = "POST",
            .url = upload.url + "?uploadId=" + percent_encoded(upload.id),
            .headers = {{"Content-Type", "application/xml"}},
            .text = "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" + parts +
                    "</CompleteMultipartUpload>"},
           upload.what);
  if (answer.body.find("<CompleteMultipartUploadResult") == std::string::npos)
    throw Error(ErrorCategory::kRuntimeFailure,
                "Cannot " + upload.what + ": its parts are not joined" + said_in(answer.body));
}

/// Parts take room, and cost money, until somebody says that they are not wanted.
void S3Client::abort(const Upload& upload) const noexcept {
  try {
    send({.method = "DELETE", .url = upload.url + "?uploadId=" + percent_encoded(upload.id)}, "abort: " + upload.what);
  } catch (const std::exception& error) {
    log_warn("Parts of an upload may be left: {}", error.what());
  }
}

/// A good status comes before the work is done, and perhaps an error after it.
void S3Client::copy(const std::string& bucket, const std::string& key, const std::string& target_bucket,
                    const std::string& target_key, const Headers& headers) const {
  const std::string what = "copy s3://" + bucket + "/" + key + " to s3://" + target_bucket + "/" + target_key;
  HttpExchange exchange{.method = "PUT", .url = url(target_bucket, target_key), .headers = headers, .text = ""};
  exchange.headers.emplace_back("x-amz-copy-source", "/" + percent_encoded(bucket) + "/" + percent_encoded(key, "/"));
  const HttpAnswer answer = send(std::move(exchange), what);
  if (answer.body.find("<CopyObjectResult") == std::string::npos)
    throw Error(ErrorCategory::kRuntimeFailure, "Cannot " + what + said_in(answer.body));
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

std::vector<S3Listed> S3Client::list_objects(const std::string& bucket, const std::string& prefix,
                                             std::size_t listed_max) const {
  std::vector<S3Listed> objects;
  std::string continuation;
  do {
    // In the order of names, as the signature has them.
    std::string query = continuation.empty() ? "?" : "?continuation-token=" + percent_encoded(continuation) + "&";
    query += "list-type=2&prefix=" + percent_encoded(prefix);
    const HttpAnswer answer = send({.url = url(bucket, "") + query}, "list the keys of s3://" + bucket + "/" + prefix);
    append_listed(answer.body, objects);
    const bool more = xml_element(answer.body, "IsTruncated") == "true";
    continuation = more ? xml_element(answer.body, "NextContinuationToken") : "";
    if (objects.size() > listed_max)
      throw Error(ErrorCategory::kRuntimeFailure,
                  "More than " + std::to_string(listed_max) + " keys begin with s3://" + bucket + "/" + prefix);
  } while (!continuation.empty());
  return objects;
}

std::vector<std::string> S3Client::list(const std::string& bucket, const std::string& prefix) const {
  std::vector<std::string> keys;
  for (S3Listed& object : list_objects(bucket, prefix, kListedMax)) keys.push_back(std::move(object.key));
  return keys;
}

}  // namespace sarsen::ingest
