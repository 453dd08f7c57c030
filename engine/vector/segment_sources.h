#pragma once
// ColumnSources over the columns of a segment, mapped or live: reads vectors, casts numbers, parses text once per
// dictionary entry. Sources are made at first use and kept. Belongs to one cursor; the segment must outlive it.

#include <map>
#include <memory>
#include <string>

#include "engine/vector/column_sources.h"
#include "storage/segment/segment.h"

namespace sarsen::engine {

class SegmentSources final : public ColumnSources {
 public:
  explicit SegmentSources(const storage::Segment& segment) : segment_(segment) {}

  std::optional<ColumnKind> kind(std::string_view column) const override;
  NumericSource<std::int64_t>& longs(std::string_view column) override;
  NumericSource<float>& floats(std::string_view column) override;
  NumericSource<double>& doubles(std::string_view column) override;
  StringSource* strings(std::string_view column) override;
  ValueSource& values(std::string_view column) override;

 private:
  template <class T>
  using Sources = std::map<std::string, std::unique_ptr<T>, std::less<>>;

  template <class T>
  NumericSource<T>& numeric(Sources<NumericSource<T>>& sources, std::string_view column);

  const storage::Segment& segment_;
  Sources<NumericSource<std::int64_t>> longs_;
  Sources<NumericSource<float>> floats_;
  Sources<NumericSource<double>> doubles_;
  Sources<StringSource> strings_;
  Sources<ValueSource> values_;
};

}  // namespace sarsen::engine
