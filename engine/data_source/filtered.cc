// filter: the rows of another data source that pass a filter.

#include "engine/data_source/data_source.h"
#include "engine/data_source/pushed_filter.h"

namespace sarsen::engine {
namespace {

class Filtered final : public DataSource {
 public:
  Filtered(DataSourcePtr base, FilterPtr filter) : base_(std::move(base)), filter_(std::move(filter)) {}

  void add_tables(std::vector<std::string>& names) const override { base_->add_tables(names); }
  bool reads_segments() const noexcept override { return base_->reads_segments(); }
  const DataSource* base() const noexcept override { return base_.get(); }

  std::vector<SourcePart> parts(QueryRun& run, const PushedFilter& kept) const override {
    std::vector<SourcePart> parts = base_->parts(run, kept.with(filter_));
    for (SourcePart& part : parts) part.filter = both(part.filter, filter_);
    return parts;
  }

 private:
  DataSourcePtr base_;
  FilterPtr filter_;
};

DataSourcePtr parse_filtered(const JsonField& json) {
  return std::make_shared<Filtered>(parse_data_source(json["base"]), parse_optional_filter(json["filter"]));
}

}  // namespace

void register_filtered(DataSourceRegistry& registry) {
  registry.add({.type = "filter", .parse = parse_filtered, .doc = "The rows of another that pass a filter."});
}

}  // namespace sarsen::engine
