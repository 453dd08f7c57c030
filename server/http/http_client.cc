#include "server/http/http_client.h"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>

#include "server/http/request.h"
#include "storage/base/ascii_case.h"
#include "storage/base/error.h"
#include "storage/base/file_descriptor.h"

namespace sarsen::server {
namespace {

[[noreturn]] void fail(const HttpUrl& url, const std::string& reason) {
  throw Error(ErrorCategory::kRuntimeFailure,
              "No answer from the server: " + reason + ": " + url.host + ":" + url.port);
}

FileDescriptor connect_to(const HttpUrl& url) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(url.host.c_str(), url.port.c_str(), &hints, &found); error != 0)
    fail(url, ::gai_strerror(error));
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> guard(found, ::freeaddrinfo);
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    FileDescriptor socket(::socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC, address->ai_protocol));
    if (socket && ::connect(socket.get(), address->ai_addr, address->ai_addrlen) == 0) return socket;
  }
  fail(url, std::strerror(errno));
}

void send_all(int socket, std::string_view bytes, const HttpUrl& url) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) fail(url, std::strerror(errno));
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string receive_all(int socket, const HttpUrl& url) {
  std::string received;
  while (true) {
    const std::size_t used = received.size();
    received.resize(used + (std::size_t{64} << 10));
    const ssize_t count = ::recv(socket, received.data() + used, received.size() - used, 0);
    received.resize(used + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(url, std::strerror(errno));
    if (count == 0) return received;
  }
}

/// The value of Content-Length in `head`; -1 where there is none.
long long length_in(std::string_view head) {
  for (std::size_t line = head.find("\r\n"); line != std::string_view::npos; line = head.find("\r\n", line + 2)) {
    constexpr std::string_view kName = "Content-Length:";
    std::string_view rest = head.substr(line + 2);
    if (!storage::starts_with_ignoring_case(rest, kName)) continue;
    rest.remove_prefix(kName.size());
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    long long length = -1;
    std::from_chars(rest.data(), rest.data() + rest.size(), length);
    return length;
  }
  return -1;
}

HttpAnswer parse_answer(const std::string& bytes, const HttpUrl& url) {
  const std::size_t end = bytes.find("\r\n\r\n");
  int status = 0;
  if (end != std::string::npos && bytes.starts_with("HTTP/1.") && bytes.size() > 12)
    std::from_chars(bytes.data() + 9, bytes.data() + 12, status);
  if (status < 100) fail(url, "what it says is not HTTP");
  HttpAnswer answer{status, bytes.substr(end + 4)};
  const long long length = length_in(std::string_view(bytes).substr(0, end));
  if (length >= 0 && static_cast<std::size_t>(length) != answer.body.size()) fail(url, "the answer is not whole");
  return answer;
}

}  // namespace

HttpUrl parse_http_url(std::string_view text) {
  const std::string_view given = text;
  if (text.starts_with("https://"))
    throw Error(ErrorCategory::kInvalidInput, "TLS is not built yet; give an http:// URL: " + std::string(given));
  if (text.starts_with("http://")) text.remove_prefix(7);
  HttpUrl url;
  const std::size_t slash = text.find('/');
  std::string_view authority = text.substr(0, slash);
  if (slash != std::string_view::npos) url.path = text.substr(slash);
  const std::size_t colon = authority.rfind(':');
  if (colon != std::string_view::npos && authority.back() != ']') {
    url.port = authority.substr(colon + 1);
    authority = authority.substr(0, colon);
  }
  if (authority.starts_with('[') && authority.ends_with(']')) authority = authority.substr(1, authority.size() - 2);
  url.host = authority;
  const bool digits = std::all_of(url.port.begin(), url.port.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (url.host.empty() || url.port.empty() || !digits)
    throw Error(ErrorCategory::kInvalidInput, "This is no URL like http://HOST:PORT: " + std::string(given));
  return url;
}

HttpAnswer http_post(const HttpUrl& url, std::string_view path, std::string_view json) {
  const FileDescriptor socket = connect_to(url);
  std::string request = "POST " + std::string(path) + " HTTP/1.0\r\nHost: " + url.host + ":" + url.port +
                        "\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: " +
                        std::to_string(json.size()) + "\r\n\r\n";
  request += json;
  send_all(socket.get(), request, url);
  return parse_answer(receive_all(socket.get(), url), url);
}

}  // namespace sarsen::server
