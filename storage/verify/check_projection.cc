// Projections: their columns, as those of the table.
#include "storage/verify/checks.h"

namespace sarsen::storage {
namespace {

bool has_several_values(const Segment& table, const std::string& name) {
  const Column* column = table.column(name);
  return column != nullptr && column->multiple_values();
}

// Druid 37 wrote one value a row where the table's column has several, and the bitmaps of all of them.
void add(const Findings& found, bool several_values, Findings& findings) {
  for (const Finding& finding : found.all()) {
    if (several_values && finding.part == "bitmaps")
      findings.note(finding.column, finding.part, finding.problem + " (Druid writes projections of such columns so)");
    else
      findings.damage(finding.column, finding.part, finding.problem);
  }
}

}  // namespace

void check_projection(const Segment& segment, const std::string& name, const CheckObject& check_object,
                      Findings& findings) {
  const std::shared_ptr<const Segment> projection = segment.projection(name);
  for (const auto* names : {&projection->dimensions(), &projection->metrics()})
    for (const std::string& column_name : *names) {
      Findings found;
      if (const Column* column = projection->column(column_name))
        check_column({*column, name + "/" + column_name, false, check_object, found});
      add(found, has_several_values(segment, column_name), findings);
    }
}

}  // namespace sarsen::storage
