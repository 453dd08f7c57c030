#pragma once
// A ResponseWriter that keeps what it is given.

#include <map>
#include <string>
#include <string_view>

#include "server/http/response_writer.h"

namespace sarsen::server {

class RecordingWriter final : public ResponseWriter {
 public:
  void start(int new_status, std::span<const Header> new_headers) override {
    status = new_status;
    headers.clear();
    body.clear();
    for (const Header& header : new_headers) headers[std::string(header.name)] = std::string(header.value);
  }
  void write(std::string_view bytes) override { body += bytes; }
  void finish() override { finished = true; }
  void fail(std::string_view message) override { failure = message; }
  bool committed() const noexcept override { return false; }
  void on_disconnect(std::function<void()> callback) override { disconnect = std::move(callback); }

  std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
  }

  int status = 0;
  std::map<std::string, std::string> headers;
  std::string body;
  std::string failure;
  bool finished = false;
  std::function<void()> disconnect;
};

}  // namespace sarsen::server
