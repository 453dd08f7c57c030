#include "ingest/http/http_download.h"

#include <chrono>
#include <thread>

#include "storage/base/error.h"
#include "storage/base/log.h"

#ifdef SARSEN_HAS_CURL
#include <curl/curl.h>

#include <array>
#include <cstdio>
#include <memory>
#include <mutex>
#endif

namespace sarsen::ingest {

#ifndef SARSEN_HAS_CURL

void http_download(const HttpRequest& request, const std::filesystem::path&) {
  throw Error(ErrorCategory::kUnsupported,
              "This program was built without libcurl (libcurl4-openssl-dev) and fetches nothing; download the file "
              "and use the input source local: " +
                  request.url);
}

#else

namespace {

constexpr int kTriesMax = 5;
constexpr auto kFirstPause = std::chrono::milliseconds(200);  // doubled with each try
constexpr long kRedirectsMax = 20;                            // Java's
constexpr long kConnectTimeoutSeconds = 30;
constexpr long kSilenceMaxSeconds = 120;

struct Close {
  void operator()(CURL* curl) const noexcept { curl_easy_cleanup(curl); }
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

/// What became of one try.
struct Outcome {
  CURLcode code;
  long status;
  std::string problem;

  bool good() const noexcept { return code == CURLE_OK && status >= 200 && status < 300; }
  bool passing() const noexcept {
    return code == CURLE_OK ? status >= 500 || status == 429
                            : code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST ||
                                  code == CURLE_OPERATION_TIMEDOUT || code == CURLE_PARTIAL_FILE ||
                                  code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR || code == CURLE_GOT_NOTHING;
  }
};

void start_library() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

std::size_t write_part(char* bytes, std::size_t size, std::size_t count, void* file) {
  return std::fwrite(bytes, size, count, static_cast<std::FILE*>(file));
}

std::unique_ptr<curl_slist, Close> header_list(const HttpRequest& request) {
  std::unique_ptr<curl_slist, Close> list;
  for (const auto& [name, value] : request.headers) {
    // A header without content is written with a semicolon, else curl leaves it out.
    const std::string line = value.empty() ? name + ";" : name + ": " + value;
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(list.release());
    list.reset(longer);
  }
  return list;
}

Outcome try_once(const HttpRequest& request, const std::filesystem::path& path) {
  const std::unique_ptr<CURL, Close> curl(curl_easy_init());
  if (!curl) throw std::bad_alloc();
  std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "wb"));
  if (!file) throw Error(ErrorCategory::kRuntimeFailure, "Cannot write " + path.string());
  const auto headers = header_list(request);
  std::array<char, CURL_ERROR_SIZE> problem{};
  curl_easy_setopt(curl.get(), CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl.get(), CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl.get(), CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_MAXREDIRS, kRedirectsMax);
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_CONNECTTIMEOUT, kConnectTimeoutSeconds);
  curl_easy_setopt(curl.get(), CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_LOW_SPEED_TIME, kSilenceMaxSeconds);
  curl_easy_setopt(curl.get(), CURLOPT_USERAGENT, "sarsen");
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, write_part);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, file.get());
  curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, problem.data());
  if (!request.user.empty()) {
    curl_easy_setopt(curl.get(), CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    curl_easy_setopt(curl.get(), CURLOPT_USERNAME, request.user.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_PASSWORD, request.password.c_str());
  }
  Outcome outcome{curl_easy_perform(curl.get()), 0, {}};
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &outcome.status);
  if (outcome.code == CURLE_OK && std::fflush(file.get()) != 0) outcome.code = CURLE_WRITE_ERROR;
  if (outcome.code == CURLE_OK)
    outcome.problem = "the server answers with status " + std::to_string(outcome.status);
  else
    outcome.problem = problem[0] != '\0' ? problem.data() : curl_easy_strerror(outcome.code);
  return outcome;
}

}  // namespace

void http_download(const HttpRequest& request, const std::filesystem::path& file) {
  start_library();
  auto pause = kFirstPause;
  for (int tries = 1;; ++tries) {
    const Outcome outcome = try_once(request, file);
    if (outcome.good()) return;
    if (!outcome.passing() || tries == kTriesMax) {
      const bool missing = outcome.code == CURLE_OK && (outcome.status == 404 || outcome.status == 410);
      throw Error(missing ? ErrorCategory::kNotFound : ErrorCategory::kRuntimeFailure,
                  "Cannot fetch " + request.url + ": " + outcome.problem);
    }
    log_warn("Cannot fetch {}: {}; trying again", request.url, outcome.problem);
    std::this_thread::sleep_for(pause);
    pause *= 2;
  }
}

#endif

}  // namespace sarsen::ingest
