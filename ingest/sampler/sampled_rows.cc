#include "ingest/sampler/sampled_rows.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "engine/query/scan_cells.h"
#include "engine/text/utf16_slice.h"
#include "engine/virtual_column/virtual_column.h"
#include "ingest/row/raw_json.h"
#include "storage/base/interval.h"
#include "storage/base/java_order.h"

namespace sarsen::ingest {
namespace {

constexpr std::size_t kEventUnitsMax = 100;  // Druid's, in UTF-16
constexpr std::uint32_t kRowsAtOnce = 512;

std::string joined(const std::vector<std::string>& texts) {
  std::string result;
  for (const std::string& text : texts) result += (result.empty() ? "" : ",") + text;
  return result;
}

std::string begin_of(const std::string& event) {
  return utf16_length(event) < kEventUnitsMax ? event : engine::utf16_slice(event, 0, kEventUnitsMax) + "...";
}

/// All rows of the segment, as {"__time": …, …}.
Json rows_of(const storage::Segment& segment) {
  std::string text;
  const std::function<void(std::string_view)> append = [&text](std::string_view piece) { text += piece; };
  engine::ResultWriter out(JsonStyle::kCompact, append);
  const std::vector<std::string> names = segment.column_names();
  engine::CursorColumns columns(segment, nullptr);
  std::vector<std::unique_ptr<engine::CellReader>> cells;
  for (const std::string& name : names) cells.push_back(engine::bind_cell(columns.sources(), name));
  for (std::uint32_t begin = 0; begin < segment.row_count(); begin += kRowsAtOnce) {
    const std::uint32_t size = std::min(kRowsAtOnce, segment.row_count() - begin);
    for (const auto& cell : cells) cell->load(begin, size);
    for (std::uint32_t row = begin; row < begin + size; ++row) {
      out.json().begin_object();
      for (std::size_t i = 0; i < cells.size(); ++i) {
        out.json().key(names[i]);
        cells[i]->write(row, out);
      }
      out.json().end_object();
    }
  }
  out.finish();
  return Json::parse(text);
}

}  // namespace

Json SampledRow::to_json() const {
  Json::Object object;
  if (!input.is_null()) object.emplace_back("input", input);
  if (!parsed.is_null()) object.emplace_back("parsed", parsed);
  if (error) object.emplace_back("unparseable", true);
  if (error) object.emplace_back("error", *error);
  return object;
}

SampledRows::SampledRows(const SamplerSpec& spec)
    : spec_(spec),
      intake_(spec.schema, fields_),
      index_(spec.schema, fields_, {0, kEternity.end_ms}),
      order_field_(fields_.add(kSamplerOrder)),
      empty_bytes_(index_.size_bytes()) {}

bool SampledRows::wants_more() const {
  const std::size_t bytes = index_.size_bytes() - std::min(index_.size_bytes(), empty_bytes_);
  return std::ssize(rows_) < spec_.config.rows_max &&
         (rows_.empty() || static_cast<std::int64_t>(bytes) < spec_.config.bytes_in_memory_max);
}

/// What Druid's readers show of the row.
Json SampledRows::event_of(const RawRow& row) const {
  Json::Object event;
  for (const std::uint32_t field : row.fields())
    if (const std::string& name = fields_.name(field);
        row.listing_settled() || spec_.schema->lists(name, row.value(field)))
      event.emplace_back(name, json_of(row.value(field)));
  return event;
}

Json::Object SampledRows::booleans_of(const RawRow& row) const {
  Json::Object booleans;
  for (const DimensionSchema& dimension : index_.dimensions()) {
    const bool as_it_is = dimension.type == storage::ValueType::kVariant && dimension.cast_to.empty();
    const auto field = as_it_is ? fields_.find(dimension.name) : std::nullopt;
    if (field && row.value(*field).kind == RawValue::Kind::kBoolean)
      booleans.emplace_back(dimension.name, row.value(*field).boolean);
  }
  return booleans;
}

void SampledRows::add_unreadable(Json input, std::string error) {
  rows_.push_back({.input = std::move(input), .parsed = {}, .error = std::move(error)});
}

void SampledRows::add(RawRow& row, Json input, const std::string& where) {
  const auto event = [&] {
    RowArena arena;
    std::string scratch;
    return std::string(text_of(raw_of(event_of(row), arena), scratch).value_or("null"));
  };
  const RowIntake::Result taken = intake_.take(row);
  if (taken.verdict == RowIntake::Verdict::kFiltered) return;
  if (taken.verdict == RowIntake::Verdict::kUnparseable) {
    const std::string shown = event();
    const std::string told = taken.problem.starts_with("Timestamp[") ? " Event: " + begin_of(shown) : "";
    return add_unreadable(std::move(input), taken.problem + told + where);
  }
  problems_.clear();
  const std::string shown = event();
  row.set_unlisted(order_field_, RawValue::of(std::ssize(rows_)));
  const RowOutcome outcome = index_.add(row, taken.time_ms, problems_);
  std::optional<std::string> error;
  if (outcome == RowOutcome::kProcessed)
    ++rows_indexed_;
  else
    error = "Found unparseable columns in row: [" + shown + "], exceptions: [" + joined(problems_) + "]";
  rows_.push_back({.input = std::move(input), .parsed = {}, .error = std::move(error), .booleans = booleans_of(row)});
}

void SampledRows::give_parsed() {
  index_.flush();
  index_.settle();
  index_.flush();
  const auto snapshot = index_.snapshot();
  if (snapshot->row_count() == 0) return;
  const Json rows = rows_of(*snapshot);
  for (const Json& row : rows.array()) {
    Json::Object parsed = row.object();
    const auto order =
        std::find_if(parsed.begin(), parsed.end(), [](const auto& member) { return member.first == kSamplerOrder; });
    const auto number = static_cast<std::size_t>(order->second.integer());
    parsed.erase(order);
    for (const auto& [name, value] : rows_[number].booleans)
      std::ranges::find(parsed, name, &Json::Object::value_type::first)->second = value;
    rows_[number].parsed = std::move(parsed);
  }
}

void SampledRows::end() {
  give_parsed();
  if (std::ssize(rows_) > spec_.config.rows_max) rows_.resize(static_cast<std::size_t>(spec_.config.rows_max));
  if (spec_.config.response_bytes_max <= 0) return;
  std::int64_t bytes = 0;
  std::int64_t readable = 0;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    readable += rows_[i].input.is_null() ? 0 : 1;
    bytes += std::ssize(rows_[i].to_json().dump());
    if (bytes <= spec_.config.response_bytes_max) continue;
    rows_.resize(i + 1);
    rows_indexed_ = readable;
    return;
  }
}

}  // namespace sarsen::ingest
