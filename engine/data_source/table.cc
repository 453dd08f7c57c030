// table and globalTable: the segments of one name, by the timeline. union: several of them as if they were one.

#include "engine/data_source/data_source.h"
#include "engine/query/query_run.h"
#include "engine/query/query_segments.h"

namespace sarsen::engine {
namespace {

class Table final : public DataSource {
 public:
  explicit Table(std::string name) : name_(std::move(name)) {}

  void add_tables(std::vector<std::string>& names) const override { names.push_back(name_); }
  bool is_table() const noexcept override { return true; }
  bool reads_segments() const noexcept override { return true; }

  std::vector<SourcePart> parts(QueryRun& run, const PushedFilter&) const override {
    std::vector<SourcePart> parts;
    const auto timeline = run.timelines().find(name_);
    if (timeline == run.timelines().end()) return parts;
    std::size_t served = 0;
    for (const storage::TimelineHit& hit : timeline_hits(run.query(), *timeline->second)) {
      for (auto& segment : hit.entry->segment->acquire())
        parts.push_back({std::move(segment), hit.interval, nullptr, hit.entry->id.text(), hit.entry->id.interval,
                         served, !hit.entry->segment->is_realtime()});
      ++served;
    }
    return parts;
  }

 private:
  std::string name_;
};

class Union final : public DataSource {
 public:
  explicit Union(std::vector<DataSourcePtr> members) : members_(std::move(members)) {}

  void add_tables(std::vector<std::string>& names) const override {
    for (const DataSourcePtr& member : members_) member->add_tables(names);
  }
  bool is_table() const noexcept override { return true; }
  bool reads_segments() const noexcept override { return true; }

  std::vector<SourcePart> parts(QueryRun& run, const PushedFilter& kept) const override {
    std::vector<SourcePart> all;
    std::size_t served = 0;
    for (std::size_t i = 0; i < members_.size(); ++i) {
      std::vector<SourcePart> parts = members_[i]->parts(run, kept);
      for (SourcePart& part : parts) {
        part.served += served;
        part.member = i;
      }
      if (!parts.empty()) served = parts.back().served + 1;
      all.insert(all.end(), std::make_move_iterator(parts.begin()), std::make_move_iterator(parts.end()));
    }
    return all;
  }

 private:
  std::vector<DataSourcePtr> members_;
};

DataSourcePtr parse_table(const JsonField& json) { return std::make_shared<Table>(json["name"].string()); }

DataSourcePtr parse_union(const JsonField& json) {
  std::vector<DataSourcePtr> members;
  for (const JsonField& element : json["dataSources"].elements()) {
    members.push_back(parse_data_source(element));
    if (!members.back()->is_table()) element.fail("a union is of tables only");
  }
  if (members.empty()) json["dataSources"].fail("needs at least one table");
  return std::make_shared<Union>(std::move(members));
}

}  // namespace

DataSourcePtr make_table(std::string name) { return std::make_shared<Table>(std::move(name)); }

void register_tables(DataSourceRegistry& registry) {
  registry.add({.type = "table", .parse = parse_table, .doc = "The segments of one name."});
  registry.add({.type = "globalTable", .parse = parse_table, .doc = "A table that every server holds whole."});
  registry.add({.type = "union", .parse = parse_union, .doc = "The rows of several tables."});
}

}  // namespace sarsen::engine
