#include "server/http/response_stream.h"

#include <fmt/format.h>

#include <array>
#include <ctime>
#include <future>
#include <iterator>
#include <memory>
#include <utility>

#include "storage/base/check.h"

namespace sarsen::server {
namespace {

/// A header value must not begin a header of its own.
void append_header(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  for (const char letter : value)
    if (letter != '\r' && letter != '\n') out += letter;
  out += "\r\n";
}

}  // namespace

void ResponseWriter::respond(int status, std::string_view content_type, std::string_view body) {
  const Header type{"Content-Type", content_type};
  start(status, {&type, content_type.empty() ? 0U : 1U});
  write(body);
  finish();
}

void ResponseWriter::wait(std::function<void(std::function<void()> proceed)> begin, std::function<void()> answer) {
  const auto proceed = std::make_shared<std::promise<void>>();
  begin([proceed] { proceed->set_value(); });
  proceed->get_future().wait();
  answer();
}

void ResponseStream::start(int status, std::span<const Header> headers) {
  DCHECK(!committed_);
  status_ = status;
  headers_.clear();
  body_.clear();
  for (const Header& header : headers) append_header(headers_, header.name, header.value);
  gzip_ = form_.gzip ? std::make_unique<GzipCompressor>() : nullptr;
}

void ResponseStream::write(std::string_view bytes) {
  DCHECK(status_ != 0 && !finished_);
  if (form_.without_body) return;
  if (gzip_)
    gzip_->add(bytes, body_);
  else
    body_ += bytes;
  if (body_.size() >= kPieceBytes) {
    put_chunk();
    send_pending();
  }
}

void ResponseStream::finish() {
  DCHECK(status_ != 0 && !finished_);
  // A body that was never begun has no bytes to compress: 202 and its like stay empty.
  if (gzip_ && !gzip_->empty()) gzip_->finish(body_);
  if (committed_) {
    put_chunk();
    put_last_chunk("X-Druid-Response-Complete: true\r\n");
  } else {
    put_head(true);
    out_ += body_;
  }
  finished_ = true;
}

void ResponseStream::fail(std::string_view message) {
  DCHECK(committed_ && !finished_);
  put_chunk();
  std::string trailers;
  append_header(trailers, "X-Druid-Response-Complete", "false");
  append_header(trailers, "X-Error-Message", message);
  put_last_chunk(trailers);
  form_.keep_alive = false;  // the end of the connection tells those who do not read trailers
  finished_ = true;
}

void ResponseStream::put_head(bool whole_body) {
  fmt::format_to(std::back_inserter(out_), "HTTP/1.1 {} {}\r\nDate: {}\r\n", status_, reason_phrase(status_),
                 http_date());
  out_ += headers_;
  if (gzip_ && !gzip_->empty()) out_ += "Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n";
  if (whole_body) {  // That of a 304 would be the length of the answer it stands for.
    if (status_ != 304) fmt::format_to(std::back_inserter(out_), "Content-Length: {}\r\n", body_.size());
  } else if (form_.http_1_0)
    form_.keep_alive = false;
  else
    out_ += "Transfer-Encoding: chunked\r\nTrailer: X-Druid-Response-Complete\r\n";
  if (!form_.keep_alive)
    out_ += "Connection: close\r\n";
  else if (form_.http_1_0)
    out_ += "Connection: keep-alive\r\n";
  out_ += "\r\n";
  committed_ = true;
}

void ResponseStream::put_chunk() {
  if (!committed_) put_head(false);
  if (body_.empty()) return;
  if (form_.http_1_0) {
    out_ += body_;
  } else {
    fmt::format_to(std::back_inserter(out_), "{:x}\r\n", body_.size());
    out_ += body_;
    out_ += "\r\n";
  }
  body_.clear();
}

void ResponseStream::put_last_chunk(std::string_view trailers) {
  if (form_.http_1_0) return;
  out_ += "0\r\n";
  out_ += trailers;
  out_ += "\r\n";
}

void ResponseStream::send_pending() {
  send_(out_);
  out_.clear();
}

void ResponseStream::wait(std::function<void(std::function<void()> proceed)> begin, std::function<void()> answer) {
  wait_ = {std::move(begin), std::move(answer)};
}

void ResponseStream::on_disconnect(std::function<void()> callback) {
  const std::lock_guard lock(mutex_);
  if (disconnected_)
    callback();
  else
    callback_ = std::move(callback);
}

void ResponseStream::notify_disconnect() {
  const std::lock_guard lock(mutex_);
  disconnected_ = true;
  if (auto callback = std::exchange(callback_, nullptr)) callback();
}

std::string_view reason_phrase(int status) noexcept {
  static constexpr std::pair<int, std::string_view> kPhrases[] = {{100, "Continue"},
                                                                  {200, "OK"},
                                                                  {202, "Accepted"},
                                                                  {304, "Not Modified"},
                                                                  {400, "Bad Request"},
                                                                  {403, "Forbidden"},
                                                                  {404, "Not Found"},
                                                                  {405, "Method Not Allowed"},
                                                                  {406, "Not Acceptable"},
                                                                  {408, "Request Timeout"},
                                                                  {413, "Payload Too Large"},
                                                                  {415, "Unsupported Media Type"},
                                                                  {417, "Expectation Failed"},
                                                                  {429, "Too Many Requests"},
                                                                  {431, "Request Header Fields Too Large"},
                                                                  {500, "Internal Server Error"},
                                                                  {501, "Not Implemented"},
                                                                  {503, "Service Unavailable"},
                                                                  {504, "Gateway Timeout"},
                                                                  {505, "HTTP Version Not Supported"}};
  for (const auto& [code, phrase] : kPhrases)
    if (code == status) return phrase;
  return "";
}

const std::string& http_date() {
  thread_local std::time_t shown = 0;
  thread_local std::string text;
  const std::time_t now = std::time(nullptr);
  if (now != shown) {
    std::tm parts{};
    gmtime_r(&now, &parts);
    static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    text = fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", kDays[parts.tm_wday], parts.tm_mday,
                       kMonths[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
    shown = now;
  }
  return text;
}

}  // namespace sarsen::server
