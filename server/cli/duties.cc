#include "server/cli/duties.h"

#include "storage/base/log.h"

namespace sarsen::server {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLookPeriod{500};
constexpr milliseconds kFirstAnswer{5'000};  // how long who leads already is waited for

}  // namespace

Duties::Duties(const AnnouncementSettings& settings, OverlordNode& overlord, Supervision& supervision,
               const CoordinatorPeriods& periods)
    : settings_(settings), overlord_(overlord), supervision_(supervision), periods_(periods) {}

Duties::~Duties() { stop(); }

void Duties::stand(const std::string& announced) {
  const auto election = [&](const std::string& folder) {
    return std::make_unique<ingest::Election>(folder, "http://" + announced,
                                              milliseconds(settings_.zookeeper.session_timeout_ms));
  };
  if (settings_.roles.contains("overlord")) overlord_election_ = election(settings_.overlord_election());
  if (settings_.roles.contains("coordinator")) coordinator_election_ = election(settings_.coordinator_election());
}

void Duties::start(const std::string& host, int port, const std::string& announced, ingest::ZooKeeper* zookeeper) {
  host_ = host;
  port_ = port;
  if (zookeeper != nullptr) stand(announced);
  if (!overlord_election_ && !coordinator_election_) return apply(true, true);
  thread_ = std::thread([this, zookeeper] { work(*zookeeper); });
}

bool Duties::look(ingest::ZooKeeper& zookeeper) {
  bool answered = true;
  for (const Elections* election : {&overlord_election_, &coordinator_election_})
    if (*election) answered = (*election)->look(zookeeper) && answered;
  return answered;
}

/// False where it was told to stop.
bool Duties::pause(milliseconds length) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, length, [this] { return stopping_; });
}

void Duties::work(ingest::ZooKeeper& zookeeper) {
  set_thread_name("elections");
  const auto begin = std::chrono::steady_clock::now();
  constexpr milliseconds kFirstPause{20};
  while (!look(zookeeper) && std::chrono::steady_clock::now() - begin < kFirstAnswer)
    if (!pause(kFirstPause)) return;
  do {
    apply(!other_overlord(), !other_coordinator());
    if (!pause(kLookPeriod)) return;
    look(zookeeper);
  } while (true);
}

/// What somebody else does is ended before anything is begun.
void Duties::apply(bool leads_overlord, bool leads_coordinator) {
  const bool leads_both = leads_overlord && leads_coordinator;
  if (does_compaction_ && !leads_both) overlord_.stop_compaction();
  if (does_coordinator_ && !leads_coordinator) overlord_.stop_coordinator();
  if (does_overlord_ && !leads_overlord) {
    overlord_.stop_overlord();
    supervision_.stop();
  }
  if (!does_overlord_ && leads_overlord) {
    overlord_.start_overlord(host_, port_);
    supervision_.start();  // when the locks of tasks from before are there again
  }
  if (!does_coordinator_ && leads_coordinator) overlord_.start_coordinator(periods_);
  if (!does_compaction_ && leads_both) overlord_.start_compaction(periods_);
  does_overlord_ = leads_overlord;
  does_coordinator_ = leads_coordinator;
  does_compaction_ = leads_both;
}

void Duties::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
  apply(false, false);
}

}  // namespace sarsen::server
