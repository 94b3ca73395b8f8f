// Areas and organisations of the city.
#include <algorithm>

#include "findings/run.h"

namespace yipan::findings {
namespace {

std::string text_at(const Batch& batch, size_t column, size_t row) {
  return board::value_text(batch.columns[column], row);
}

// Calls `take` for every row.
template <typename Take>
Result<> each_row(store::Connection& db, const std::string& sql, const Take& take) {
  YIPAN_ASSIGN(auto rows, db.query(sql));
  Batch batch;
  while (true) {
    YIPAN_ASSIGN(const bool more, rows->next(&batch));
    if (!more) return {};
    for (size_t row = 0; row < batch.rows(); ++row) take(batch, row);
  }
}

}  // namespace

Result<Directory> Directory::load(store::Connection& db, const board::Schemas& schemas) {
  Directory out;
  if (schemas.find("areas") != nullptr) {
    const auto take = [&](const Batch& batch, size_t row) {
      out.areas_.insert_or_assign(
          text_at(batch, 0, row),
          Area{text_at(batch, 1, row), text_at(batch, 2, row), text_at(batch, 3, row)});
    };
    YIPAN_TRY(each_row(db, "SELECT id, name, name_en, parent_id FROM areas", take));
  }
  if (schemas.find("organisations") != nullptr) {
    const auto take = [&](const Batch& batch, size_t row) {
      out.organisations_.push_back({text_at(batch, 0, row), text_at(batch, 1, row),
                                    text_at(batch, 2, row), text_at(batch, 3, row),
                                    text_at(batch, 4, row)});
    };
    YIPAN_TRY(each_row(db, "SELECT id, name, name_en, kind, area_id FROM organisations ORDER BY id",
                       take));
  }
  return out;
}

std::string Directory::area(std::string_view id, Language language) const {
  const auto found = areas_.find(id);
  if (found == areas_.end()) return std::string(id);
  const Area& area = found->second;
  return language == Language::en && !area.name_en.empty() ? area.name_en : area.name;
}

const Directory::Organisation* Directory::find(std::string_view id) const {
  const auto found = std::lower_bound(
      organisations_.begin(), organisations_.end(), id,
      [](const Organisation& organisation, std::string_view key) { return organisation.id < key; });
  return found != organisations_.end() && found->id == id ? &*found : nullptr;
}

std::string Directory::organisation(std::string_view id, Language language) const {
  const Organisation* found = find(id);
  if (found == nullptr) return std::string(id);
  return language == Language::en && !found->name_en.empty() ? found->name_en : found->name;
}

const Directory::Organisation* Directory::first(const Role& role,
                                                const std::string* area_id) const {
  std::vector<std::string> words = role.names;
  if (words.empty()) words.emplace_back();
  for (const std::string& word : words) {
    for (const Organisation& organisation : organisations_) {
      if (area_id != nullptr && organisation.area_id != *area_id) continue;
      if (std::find(role.kinds.begin(), role.kinds.end(), organisation.kind) == role.kinds.end()) {
        continue;
      }
      if (organisation.name.find(word) != std::string::npos) return &organisation;
    }
  }
  return nullptr;
}

std::string Directory::resolve(const Role& role, std::string_view area_id) const {
  if (!role.per_area) {
    const Organisation* found = first(role, nullptr);
    return found == nullptr ? "" : found->id;
  }
  std::string area(area_id);
  // An area that is its own ancestor must not hold us: no chain is longer than there are areas.
  for (size_t steps = 0; !area.empty() && steps <= areas_.size(); ++steps) {
    if (const Organisation* found = first(role, &area)) return found->id;
    const auto next = areas_.find(area);
    area = next == areas_.end() ? "" : next->second.parent_id;
  }
  return "";
}

}  // namespace yipan::findings
