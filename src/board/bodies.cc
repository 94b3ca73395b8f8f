// The bodies of the ledger entries that the board knows (docs/formats/board.md, "Entries").
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "yipan/board.h"
#include "yipan/json.h"

namespace yipan::board {
namespace {

// Reads an object's members one by one; the first that does not fit is the error.
class Body {
 public:
  Body(const Json& doc, std::string_view kind) : doc_(doc), kind_(kind) {}

  void text(const char* name, bool needed, std::string* out) {
    const Json* value = find(name, needed);
    if (value == nullptr) return;
    if (!value->is_string()) return problem(name, "应为字符串", "must be a string");
    *out = value->get<std::string>();
    if (needed && out->empty()) problem(name, "不能为空", "must not be empty");
    if (out->find('\0') != std::string::npos) {
      problem(name, "不能有零字节", "must not hold a zero byte");
    }
  }
  void number(const char* name, uint64_t* out) {
    const Json* value = find(name, true);
    if (value == nullptr) return;
    const bool is_count =
        value->is_number_unsigned() || (value->is_number_integer() && value->get<int64_t>() >= 0);
    if (!is_count) return problem(name, "应为非负整数", "must be a count");
    *out = value->get<uint64_t>();
  }
  void flag(const char* name, bool* out) {
    const Json* value = find(name, true);
    if (value == nullptr) return;
    if (!value->is_boolean()) return problem(name, "应为真假值", "must be true or false");
    *out = value->get<bool>();
  }
  std::optional<Hash256> hash(const char* name, bool needed) {
    const Json* value = find(name, needed);
    if (value == nullptr) return {};
    std::optional<Hash256> out;
    if (value->is_string()) out = Hash256::from_hex(value->get_ref<const std::string&>());
    if (!out) problem(name, "应为 64 位十六进制的 SHA-256", "must be a SHA-256 of 64 hex digits");
    return out;
  }
  Result<> result() {
    if (!error_ && read_ != doc_.size()) {
      problem("", "有不认识的成员", "there are members that are not known");
    }
    if (error_) return fail(*error_);
    return {};
  }

 private:
  const Json* find(const char* name, bool needed) {
    const auto it = doc_.find(name);
    if (it != doc_.end()) {
      ++read_;
      return &*it;
    }
    if (needed) problem(name, "缺少", "is missing");
    return nullptr;
  }
  void problem(const char* name, std::string_view zh, std::string_view en) {
    if (error_) return;
    error_ = Error("board.body.invalid")
                 .zh(fmt::format("{} 的内容不对：{} {}", kind_, name, zh))
                 .en(fmt::format("the body of {} is wrong: {} {}", kind_, name, en))
                 .element(std::string("/") + name)
                 .remedy("见 docs/formats/board.md；也许这个条目是更新的版本写的",
                         "see docs/formats/board.md; perhaps a newer version wrote the entry");
  }
  const Json& doc_;
  std::string_view kind_;
  size_t read_ = 0;
  std::optional<Error> error_;
};

Result<Json> parse_object(std::string_view json, std::string_view kind) {
  YIPAN_ASSIGN(Json doc, parse_json(json));
  if (doc.is_object()) return doc;
  return fail(Error("board.body.invalid")
                  .zh(fmt::format("{} 的内容应为 JSON 对象", kind))
                  .en(fmt::format("the body of {} must be a JSON object", kind))
                  .element("/")
                  .remedy("见 docs/formats/board.md", "see docs/formats/board.md"));
}

std::string to_canonical(const Json& doc) {
  const auto text = canonical_json(doc);
  // File names come from outside: intake makes them valid UTF-8 before they get here.
  CHECK_MSG(text.has_value(), "the body holds text that is not UTF-8");
  return *text;
}

}  // namespace

std::string DatasetImport::to_json() const {
  Json doc = {{"dataset", dataset}, {"encoding", encoding},
              {"file", file},       {"file_hash", file_hash.hex()},
              {"reason", reason},   {"refused", refused},
              {"rows", rows},       {"rowset_hash", rowset_hash.hex()},
              {"sheet", sheet},     {"synthetic", synthetic},
              {"table", table}};
  if (mapping_hash) doc["mapping_hash"] = mapping_hash->hex();
  if (quality_log_hash) doc["quality_log_hash"] = quality_log_hash->hex();
  return to_canonical(doc);
}

Result<DatasetImport> DatasetImport::parse(std::string_view json) {
  YIPAN_ASSIGN(const Json doc, parse_object(json, "dataset.import"));
  DatasetImport out;
  Body body(doc, "dataset.import");
  body.text("dataset", true, &out.dataset);
  body.text("table", true, &out.table);
  body.text("reason", false, &out.reason);
  body.text("file", false, &out.file);
  body.text("sheet", false, &out.sheet);
  body.text("encoding", false, &out.encoding);
  out.file_hash = body.hash("file_hash", true).value_or(Hash256{});
  out.rowset_hash = body.hash("rowset_hash", true).value_or(Hash256{});
  out.mapping_hash = body.hash("mapping_hash", false);
  out.quality_log_hash = body.hash("quality_log_hash", false);
  body.number("rows", &out.rows);
  body.number("refused", &out.refused);
  body.flag("synthetic", &out.synthetic);
  YIPAN_TRY(body.result());
  return out;
}

std::string DatasetWithdrawal::to_json() const {
  return to_canonical(Json{{"dataset", dataset}, {"reason", reason}});
}

Result<DatasetWithdrawal> DatasetWithdrawal::parse(std::string_view json) {
  YIPAN_ASSIGN(const Json doc, parse_object(json, "dataset.withdraw"));
  DatasetWithdrawal out;
  Body body(doc, "dataset.withdraw");
  body.text("dataset", true, &out.dataset);
  body.text("reason", false, &out.reason);
  YIPAN_TRY(body.result());
  return out;
}

}  // namespace yipan::board
