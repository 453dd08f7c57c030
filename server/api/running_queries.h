#pragma once
// The queries at work, by id, so that DELETE /druid/v2/{id} finds them. Several may share an id. Thread-safe.

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "engine/query/query_engine.h"

namespace sarsen::server {

class RunningQueries {
 public:
  using Control = std::shared_ptr<engine::QueryControl>;

  /// Keeps a query in the list for as long as it lives. Must not outlive the list.
  class Entry {
   public:
    Entry(RunningQueries& queries, const std::string& id, Control control);
    ~Entry();
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

   private:
    RunningQueries& queries_;
    std::multimap<std::string, Control, std::less<>>::iterator at_;
  };

  /// The number of queries that were told to stop.
  std::size_t cancel(std::string_view id);
  std::size_t size() const;

 private:
  mutable std::mutex mutex_;
  std::multimap<std::string, Control, std::less<>> queries_;
};

/// A random version 4 UUID: the id of a query that brings none.
std::string random_query_id();

}  // namespace sarsen::server
