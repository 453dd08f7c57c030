#include "storage/base/log.h"

#include <pthread.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "storage/base/ascii_case.h"
#include "storage/base/error.h"
#include "storage/base/json.h"
#include "storage/base/log_copy.h"

namespace sarsen {

namespace {

thread_local std::string current_thread_name = "main";
thread_local spdlog::sinks::sink* current_copy = nullptr;

std::atomic<LogLevel> current_level{LogLevel::kInfo};

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarn:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
    case LogLevel::kOff:
      break;
  }
  return spdlog::level::off;
}

std::string_view level_name(spdlog::level::level_enum level) {
  if (level == spdlog::level::debug) return "DEBUG";
  if (level == spdlog::level::info) return "INFO";
  return level == spdlog::level::warn ? "WARN" : "ERROR";
}

/// "INFO [main]": runs in the thread that logs, so its name is at hand.
class LevelAndThread : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& line) override {
    const auto append = [&line](std::string_view text) { line.append(text.data(), text.data() + text.size()); };
    append(level_name(message.level));
    append(" [");
    append(current_thread_name);
    append("]");
  }
  std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<LevelAndThread>(); }
};

std::unique_ptr<spdlog::formatter> make_formatter() {
  auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  formatter->add_flag<LevelAndThread>('*').set_pattern("%Y-%m-%dT%H:%M:%S,%e %* %v");
  return formatter;
}

std::shared_ptr<spdlog::logger> make_logger() {
  auto logger = std::make_shared<spdlog::logger>("sarsen", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_formatter(make_formatter());
  logger->set_level(spdlog::level::trace);
  logger->flush_on(spdlog::level::trace);
  return logger;
}

spdlog::logger& logger() {
  static const std::shared_ptr<spdlog::logger> instance = make_logger();
  return *instance;
}

std::string on_one_line(std::string_view message) {
  std::string line;
  line.reserve(message.size());
  for (const char character : message) {
    if (character == '\n')
      line += "\\n";
    else if (character == '\r')
      line += "\\r";
    else
      line += character;
  }
  return line;
}

}  // namespace

void set_log_level(LogLevel level) noexcept { current_level.store(level, std::memory_order_relaxed); }

LogLevel log_level() noexcept { return current_level.load(std::memory_order_relaxed); }

LogLevel parse_log_level(std::string_view name) {
  static const std::vector<std::string> kNames = {"debug", "info", "warn", "error", "off"};
  const std::string lower = storage::lower_ascii(name);
  for (std::size_t index = 0; index < kNames.size(); ++index)
    if (kNames[index] == lower) return static_cast<LogLevel>(index);
  throw Error(ErrorCategory::kInvalidInput, "Unknown log level: " + std::string(name) + suggestion(name, kNames) +
                                                "; use debug, info, warn, error or off");
}

void set_thread_name(std::string_view name) {
  current_thread_name = name;
  ::pthread_setname_np(::pthread_self(), current_thread_name.substr(0, 15).c_str());
}

std::string_view thread_name() noexcept { return current_thread_name; }

void log_message(LogLevel level, std::string_view message) noexcept {
  if (level < log_level() || level == LogLevel::kOff) return;
  try {
    const std::string line = on_one_line(message);
    logger().log(to_spdlog(level), line);
    if (current_copy == nullptr) return;
    current_copy->log({"sarsen", to_spdlog(level), line});
    current_copy->flush();  // somebody may be reading it
  } catch (...) {
    // A lost line must not end a query or a thread.
  }
}

struct LogCopy::Sink {
  explicit Sink(const std::filesystem::path& file) : sink(file.string()) {}
  spdlog::sinks::basic_file_sink_st sink;
};

LogCopy::LogCopy(const std::filesystem::path& file) {
  try {
    sink_ = std::make_unique<Sink>(file);
  } catch (const spdlog::spdlog_ex& error) {
    throw Error(ErrorCategory::kRuntimeFailure, "Cannot write a log: " + std::string(error.what()));
  }
  sink_->sink.set_formatter(make_formatter());
  current_copy = &sink_->sink;
}

LogCopy::~LogCopy() { current_copy = nullptr; }

}  // namespace sarsen
