// noop: takes a worker for a while, for trying things out.

#include "ingest/tasks/task_toolbox.h"
#include "ingest/tasks/task_types.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

constexpr std::int64_t kRunTimeMs = 2500;  // Druid's default

class NoopTask final : public Task {
 public:
  explicit NoopTask(std::int64_t run_time_ms) : run_time_ms_(run_time_ms) {}

  Json run(TaskToolbox& toolbox) const override {
    log_info("Running noop task[{}]", toolbox.identity().id);
    log_info("Sleeping for {} millis.", run_time_ms_);
    toolbox.interrupt().sleep(std::chrono::milliseconds(run_time_ms_));
    log_info("Woke up!");
    return Json::Object();
  }

 private:
  const std::int64_t run_time_ms_;
};

}  // namespace

std::unique_ptr<Task> make_noop_task(const JsonField& json, const std::filesystem::path&) {
  const std::int64_t run_time_ms = json["runTime"].integer_or(kRunTimeMs);
  return std::make_unique<NoopTask>(run_time_ms > 0 ? run_time_ms : kRunTimeMs);
}

std::string data_source_of_noop(const JsonField& json) { return json["dataSource"].string_or("none"); }

}  // namespace sarsen::ingest
