#include "server/cli/dump/record_writer.h"

#include <utility>

#include "storage/base/error.h"
#include "storage/base/json_writer.h"

namespace sarsen::server {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{64} << 10;

/// Hands text on in pieces of whole records.
class Pieces {
 public:
  explicit Pieces(RecordWriter::Emit emit) : emit_(std::move(emit)) {}
  std::string& text() noexcept { return text_; }
  void flush_if_full() {
    if (text_.size() >= kPieceBytes) flush();
  }
  void flush() {
    if (!text_.empty()) emit_(text_);
    text_.clear();
  }

 private:
  RecordWriter::Emit emit_;
  std::string text_;
};

/// One object a line, or the same within the brackets of an array.
class JsonRecords final : public RecordWriter {
 public:
  JsonRecords(const std::vector<std::string>& names, Emit emit, bool array) : pieces_(std::move(emit)), array_(array) {
    for (const std::string& name : names) {
      std::string key;
      append_json_string(key, name);
      keys_.push_back(key + ":");
    }
  }

  CellStyle style() const noexcept override { return CellStyle::kJson; }

  void write(const Record& record) override {
    std::string& out = pieces_.text();
    if (array_) out += first_ ? "[\n" : ",\n";
    first_ = false;
    out += '{';
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      if (i > 0) out += ',';
      out.append(keys_[i]).append(record[i]);
    }
    out += array_ ? "}" : "}\n";
    pieces_.flush_if_full();
  }

  void finish() override {
    if (array_) pieces_.text() += first_ ? "[]\n" : "\n]\n";
    pieces_.flush();
  }

 private:
  Pieces pieces_;
  std::vector<std::string> keys_;
  bool array_;
  bool first_ = true;
};

// RFC 4180, but for the line breaks of records, which are single line feeds.
void append_csv(std::string& out, std::string_view cell) {
  if (cell.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += cell;
    return;
  }
  out += '"';
  for (const char character : cell) {
    if (character == '"') out += '"';
    out += character;
  }
  out += '"';
}

class CsvRecords final : public RecordWriter {
 public:
  CsvRecords(const std::vector<std::string>& names, Emit emit) : pieces_(std::move(emit)), count_(names.size()) {
    for (std::size_t i = 0; i < names.size(); ++i) append_cell(i, names[i]);
  }

  CellStyle style() const noexcept override { return CellStyle::kText; }

  void write(const Record& record) override {
    for (std::size_t i = 0; i < count_; ++i) append_cell(i, record[i]);
    pieces_.flush_if_full();
  }

  void finish() override { pieces_.flush(); }

 private:
  void append_cell(std::size_t index, std::string_view cell) {
    append_csv(pieces_.text(), cell);
    pieces_.text() += index + 1 == count_ ? '\n' : ',';
  }

  Pieces pieces_;
  std::size_t count_;
};

}  // namespace

void Record::add_string(std::string_view utf8) {
  if (style_ == CellStyle::kJson)
    append_json_string(text_, utf8);
  else
    text_ += utf8;
  next();
}

void Record::add_number(std::uint64_t value) { add_raw(std::to_string(value)); }

void Record::add_raw(std::string_view text) {
  text_ += text;
  next();
}

void Record::add_null() {
  if (style_ == CellStyle::kJson) text_ += "null";
  next();
}

std::unique_ptr<RecordWriter> make_record_writer(DumpFormat format, std::vector<std::string> names,
                                                 RecordWriter::Emit emit, std::size_t width) {
  switch (format) {
    case DumpFormat::kTable:
      return make_table_writer(std::move(names), std::move(emit), width);
    case DumpFormat::kJson:
    case DumpFormat::kNdjson:
      return std::make_unique<JsonRecords>(names, std::move(emit), format == DumpFormat::kJson);
    case DumpFormat::kCsv:
      return std::make_unique<CsvRecords>(names, std::move(emit));
    case DumpFormat::kAutomatic:
      break;
  }
  throw Error(ErrorCategory::kDefensive, "No format was chosen");
}

}  // namespace sarsen::server
