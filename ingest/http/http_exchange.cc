#include "ingest/http/http_exchange.h"

#include "storage/base/error.h"

#ifdef SARSEN_HAS_CURL
#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string_view>
#endif

namespace sarsen::ingest {

#ifndef SARSEN_HAS_CURL

HttpAnswer http_exchange(const HttpExchange& exchange) {
  throw Error(ErrorCategory::kUnsupported,
              "This program was built without libcurl (libcurl4-openssl-dev) and fetches nothing; keep the files on a "
              "disk of this machine: " +
                  exchange.url);
}

#else

namespace {

constexpr long kRedirectsMax = 20;  // Java's
constexpr long kConnectTimeoutSeconds = 30;
constexpr long kSilenceMaxSeconds = 120;
constexpr std::size_t kBodyBytesMax = std::size_t{8} << 20;  // a thousand long keys that S3 lists

struct Close {
  void operator()(CURL* curl) const noexcept { curl_easy_cleanup(curl); }
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Close>;

void start_library() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

File open_file(const std::filesystem::path& path, const char* mode) {
  File file(std::fopen(path.c_str(), mode));
  if (!file)
    throw Error(ErrorCategory::kRuntimeFailure,
                std::string(*mode == 'r' ? "Cannot read " : "Cannot write ") + path.string());
  return file;
}

/// Where the bytes of an answer go.
struct FileSink {
  CURL* curl;
  std::FILE* file;
  std::string& body;
};

std::size_t take(char* bytes, std::size_t size, std::size_t count, void* to) {
  FileSink& sink = *static_cast<FileSink*>(to);
  long status = 0;
  curl_easy_getinfo(sink.curl, CURLINFO_RESPONSE_CODE, &status);
  if (sink.file != nullptr && status >= 200 && status < 300) return std::fwrite(bytes, size, count, sink.file);
  sink.body.append(bytes, std::min(size * count, kBodyBytesMax - std::min(sink.body.size(), kBodyBytesMax)));
  return count;
}

/// A stretch of a file that is sent.
struct Part {
  File file;
  std::uint64_t from = 0;
  std::uint64_t bytes = 0;
  std::uint64_t given = 0;  // to curl
};

bool go_to(Part& part, curl_off_t offset) {
  part.given = static_cast<std::uint64_t>(offset);
  return ::fseeko(part.file.get(), static_cast<off_t>(part.from) + static_cast<off_t>(offset), SEEK_SET) == 0;
}

Part open_part(const HttpExchange& exchange) {
  if (!exchange.body) return {};
  Part part{open_file(*exchange.body, "rb"), exchange.body_from, 0};
  const std::uint64_t rest = std::filesystem::file_size(*exchange.body) - exchange.body_from;
  part.bytes = std::min(exchange.body_bytes.value_or(rest), rest);
  if (!go_to(part, 0)) throw Error(ErrorCategory::kRuntimeFailure, "Cannot read " + exchange.body->string());
  return part;
}

/// No more than the part: what is given is sent, whatever length was stated.
std::size_t give(char* bytes, std::size_t size, std::size_t count, void* part) {
  Part& from = *static_cast<Part*>(part);
  const std::size_t wanted = std::min<std::uint64_t>(size * count, from.bytes - std::min(from.bytes, from.given));
  const std::size_t read = std::fread(bytes, 1, wanted, from.file.get());
  from.given += read;
  return read;
}

/// Where a request is begun again, on a connection that had gone.
int seek(void* part, curl_off_t offset, int origin) {
  return origin == SEEK_SET && go_to(*static_cast<Part*>(part), offset) ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
}

/// A line of the answer's head.
std::size_t take_header(char* bytes, std::size_t size, std::size_t count, void* to) {
  constexpr std::string_view kName = "etag:";
  const std::string_view line(bytes, size * count);
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  if (line.size() < kName.size() ||
      !std::equal(kName.begin(), kName.end(), line.begin(), [&](char known, char c) { return known == lower(c); }))
    return line.size();
  const std::size_t begin = std::min(line.find_first_not_of(" \t", kName.size()), line.size());
  const std::size_t end = line.find_last_not_of(" \t\r\n") + 1;
  if (begin < end) *static_cast<std::string*>(to) = line.substr(begin, end - begin);
  return line.size();
}

std::unique_ptr<curl_slist, Close> header_list(const HttpExchange& exchange) {
  std::unique_ptr<curl_slist, Close> list;
  for (const auto& [name, value] : exchange.headers) {
    // A header without content is written with a semicolon, else curl leaves it out.
    const std::string line = value.empty() ? name + ";" : name + ": " + value;
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(list.release());
    list.reset(longer);
  }
  return list;
}

void set_credentials(CURL* curl, const HttpExchange& exchange) {
  if (exchange.user.empty()) return;
  if (exchange.signature.empty())
    curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
  else
    curl_easy_setopt(curl, CURLOPT_AWS_SIGV4, exchange.signature.c_str());
  curl_easy_setopt(curl, CURLOPT_USERNAME, exchange.user.c_str());
  curl_easy_setopt(curl, CURLOPT_PASSWORD, exchange.password.c_str());
}

void set_method(CURL* curl, const HttpExchange& exchange, Part& part) {
  if (part.file) {
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(curl, CURLOPT_READDATA, &part);
    curl_easy_setopt(curl, CURLOPT_SEEKFUNCTION, seek);
    curl_easy_setopt(curl, CURLOPT_SEEKDATA, &part);
    curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(part.bytes));
  }
  if (exchange.text) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(exchange.text->size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, exchange.text->c_str());
  }
  if (exchange.method == "HEAD") curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  if (exchange.method != "GET") curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, exchange.method.c_str());
}

void set_limits(CURL* curl, const HttpExchange& exchange) {
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, exchange.follow_redirects ? 1L : 0L);
  curl_easy_setopt(curl, CURLOPT_MAXREDIRS, kRedirectsMax);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, kConnectTimeoutSeconds);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, kSilenceMaxSeconds);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "sarsen");
  if (!exchange.proxy.empty()) curl_easy_setopt(curl, CURLOPT_PROXY, exchange.proxy.c_str());
}

bool is_passing(CURLcode code) noexcept {
  return code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_OPERATION_TIMEDOUT ||
         code == CURLE_PARTIAL_FILE || code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR ||
         code == CURLE_GOT_NOTHING;
}

}  // namespace

HttpAnswer http_exchange(const HttpExchange& exchange) {
  start_library();
  const std::unique_ptr<CURL, Close> curl(curl_easy_init());
  if (!curl) throw std::bad_alloc();
  Part part = open_part(exchange);
  const File target = exchange.target ? open_file(*exchange.target, "wb") : nullptr;
  const auto headers = header_list(exchange);
  std::array<char, CURL_ERROR_SIZE> problem{};
  HttpAnswer answer;
  FileSink sink{curl.get(), target.get(), answer.body};
  curl_easy_setopt(curl.get(), CURLOPT_URL, exchange.url.c_str());
  set_limits(curl.get(), exchange);
  set_credentials(curl.get(), exchange);
  set_method(curl.get(), exchange, part);
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &sink);
  curl_easy_setopt(curl.get(), CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(curl.get(), CURLOPT_HEADERDATA, &answer.entity_tag);
  curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, problem.data());
  CURLcode code = curl_easy_perform(curl.get());
  if (code == CURLE_OK && target && std::fflush(target.get()) != 0) code = CURLE_WRITE_ERROR;
  if (code != CURLE_OK) {
    answer.problem = problem[0] != '\0' ? problem.data() : curl_easy_strerror(code);
    answer.passing = is_passing(code);
    return answer;
  }
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &answer.status);
  if (!answer.good()) answer.problem = "the server answers with status " + std::to_string(answer.status);
  answer.passing = answer.status >= 500 || answer.status == 429;
  return answer;
}

#endif

}  // namespace sarsen::ingest
