#include "server/cli/duties.h"

#include <utility>

#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::server {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLookPeriod{500};
constexpr milliseconds kFirstPause{20};
constexpr milliseconds kLeasePeriod{1'000};
constexpr milliseconds kFirstAnswer{5'000};  // how long who leads already is waited for

}  // namespace

Duties::Duties(const AnnouncementSettings& settings, OverlordNode& overlord, Supervision& supervision,
               const CoordinatorPeriods& periods, const ingest::MetadataConfig* shared_store, std::string name)
    : settings_(settings),
      overlord_(overlord),
      supervision_(supervision),
      periods_(periods),
      shared_store_(shared_store),
      name_(std::move(name)) {}

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
  if (zookeeper == nullptr && shared_store_ != nullptr)
    lease_ = std::make_unique<ingest::OverlordLease>(*shared_store_, name_, "http://" + announced);
  if (lease_) {
    look_at_lease();
    thread_.repeat("overlord", kLeasePeriod, kLeasePeriod, "Which process is the overlord cannot be told",
                   [this] { look_at_lease(); });
    return;
  }
  if (!overlord_election_ && !coordinator_election_) return apply(true, true);
  const auto begin = std::chrono::steady_clock::now();
  thread_.start("elections", milliseconds(0), [this, zookeeper, begin] { return work(*zookeeper, begin); });
}

bool Duties::look(ingest::ZooKeeper& zookeeper) {
  bool answered = true;
  for (const Elections* election : {&overlord_election_, &coordinator_election_})
    if (*election) answered = (*election)->look(zookeeper) && answered;
  return answered;
}

/// Where the database is away, others find out by themselves.
void Duties::leave_lease() {
  try {
    lease_->leave();
  } catch (const Error& error) {
    log_warn("Others are not told that this process is the overlord no more: {}", error.what());
  }
}

/// Beside a lease, nobody stands for coordinator alone.
void Duties::look_at_lease() {
  lease_->look();
  const auto other = lease_->other();
  if (other && does_overlord_) log_warn("{} is the overlord now: tasks and supervisors end here", *other);
  apply(!other, true);
}

/// Who leads already is waited for at first. What cannot be begun is tried again with the next look.
milliseconds Duties::work(ingest::ZooKeeper& zookeeper, std::chrono::steady_clock::time_point begin) {
  waited_ = look(zookeeper) || waited_ || std::chrono::steady_clock::now() - begin >= kFirstAnswer;
  if (!waited_) return kFirstPause;
  try {
    apply(!other_overlord(), !other_coordinator());
  } catch (const std::exception& error) {
    log_error("What this process is elected for cannot be done yet, and is tried again: {}", error.what());
  }
  return kLookPeriod;
}

/// All of it or nothing.
void Duties::begin_overlord() {
  try {
    overlord_.start_overlord(host_, port_);
    supervision_.start();  // when the locks of tasks from before are there again
  } catch (...) {
    end_overlord();
    throw;
  }
  does_overlord_ = true;
}

void Duties::end_overlord() {
  overlord_.stop_overlord();
  supervision_.stop();
  does_overlord_ = false;
}

/// What somebody else does is ended before anything is begun. Where that throws, what was done is known.
void Duties::apply(bool leads_overlord, bool leads_coordinator) {
  const bool leads_both = leads_overlord && leads_coordinator;
  if (does_compaction_ && !leads_both) {
    overlord_.stop_compaction();
    does_compaction_ = false;
  }
  if (does_coordinator_ && !leads_coordinator) {
    overlord_.stop_coordinator();
    does_coordinator_ = false;
  }
  if (does_overlord_ && !leads_overlord) end_overlord();
  if (!does_overlord_ && leads_overlord) begin_overlord();
  if (!does_coordinator_ && leads_coordinator) {
    overlord_.start_coordinator(periods_);
    does_coordinator_ = true;
  }
  if (!does_compaction_ && leads_both) {
    overlord_.start_compaction(periods_);
    does_compaction_ = true;
  }
}

void Duties::stop() {
  thread_.stop();
  apply(false, false);
  if (lease_) leave_lease();
}

}  // namespace sarsen::server
