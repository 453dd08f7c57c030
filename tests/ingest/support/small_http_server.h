#pragma once
// A web server of a test, on a port of this machine: one connection after the other, each answered as the test says.

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "storage/base/file_descriptor.h"

namespace sarsen::ingest {

class SmallHttpServer {
 public:
  /// `answer` makes the whole answer ("HTTP/1.1 200 OK\r\n…") of the head of a request.
  explicit SmallHttpServer(std::function<std::string(const std::string& head)> answer);
  ~SmallHttpServer();

  /// "http://127.0.0.1:PORT"
  const std::string& url() const noexcept { return url_; }

 private:
  void serve();

  const std::function<std::string(const std::string&)> answer_;
  FileDescriptor listener_;
  std::string url_;
  std::thread thread_;
};

/// An answer with this status line ("200 OK"), further header lines, and body.
std::string http_answer(const std::string& status, const std::string& body, const std::string& headers = "");

}  // namespace sarsen::ingest
