#include "yipan/result.h"

#include <fmt/format.h>

#include <cerrno>
#include <iterator>
#include <system_error>

#include "yipan/json.h"

namespace yipan {
namespace {

struct OsError {
  int value;
  const char* name;
  const char* zh;
  const char* en;
  const char* remedy_zh;
  const char* remedy_en;
};

constexpr OsError kOsErrors[] = {
    {ENOENT, "ENOENT", "没有这个文件或文件夹", "there is no such file or folder",
     "请核对路径是否正确、文件是否已被移走",
     "check that the path is right and the file still there"},
    {EACCES, "EACCES", "没有访问权限", "access is not permitted",
     "请管理员为运行本程序的用户授予该文件和所在文件夹的权限",
     "ask the administrator to grant this program's user access to the file and its folder"},
    {EPERM, "EPERM", "系统不允许这项操作", "the system does not permit this operation",
     "请管理员检查文件的属主和属性",
     "ask the administrator to check the file's owner and attributes"},
    {ENOSPC, "ENOSPC", "磁盘空间已满", "the disk is full", "请在该磁盘上腾出空间（或扩容）后重试",
     "free space on that disk (or enlarge it), then try again"},
    {EDQUOT, "EDQUOT", "超出磁盘配额", "the disk quota is used up",
     "请清理该用户的文件或请管理员提高配额",
     "remove files of this user or ask the administrator for a larger quota"},
    {EROFS, "EROFS", "文件系统是只读的", "the file system is read-only",
     "请换一个可写的位置，或请管理员以读写方式重新挂载该磁盘",
     "choose a place that can be written, or ask the administrator to mount the disk for writing"},
    {EIO, "EIO", "磁盘读写出错", "the disk reported a read or write error",
     "请先备份数据，再请管理员检查磁盘；在查明之前不要继续写入",
     "back up the data, then have the disk checked; do not write to it before that"},
    {EEXIST, "EEXIST", "同名文件已经存在", "a file of this name exists already",
     "请换一个名称，或先移走原有文件", "choose another name, or move the present file away first"},
    {EISDIR, "EISDIR", "这是文件夹，不是文件", "this is a folder, not a file", "请指定一个文件",
     "name a file"},
    {ENOTDIR, "ENOTDIR", "路径中有一段不是文件夹", "a part of the path is not a folder",
     "请核对路径", "check the path"},
    {ENOTEMPTY, "ENOTEMPTY", "文件夹不是空的", "the folder is not empty", "请先清空该文件夹",
     "empty the folder first"},
    {EMFILE, "EMFILE", "本程序打开的文件过多", "this program has too many files open",
     "请管理员提高打开文件数的上限（ulimit -n）",
     "ask the administrator to raise the limit of open files (ulimit -n)"},
    {ENFILE, "ENFILE", "系统打开的文件过多", "the system has too many files open",
     "请管理员提高系统打开文件数的上限（fs.file-max）",
     "ask the administrator to raise the system's limit of open files (fs.file-max)"},
    {ENAMETOOLONG, "ENAMETOOLONG", "文件名或路径过长", "the file name or path is too long",
     "请缩短文件名或路径", "shorten the file name or the path"},
    {EFBIG, "EFBIG", "文件超过允许的大小", "the file would exceed the permitted size",
     "请管理员检查文件大小限制（ulimit -f）",
     "ask the administrator to check the file size limit (ulimit -f)"},
    {EXDEV, "EXDEV", "源和目标不在同一磁盘上", "source and target are on different disks",
     "请在同一磁盘内操作", "keep both on the same disk"},
    {EBUSY, "EBUSY", "文件或设备正被占用", "the file or device is in use", "请稍后重试",
     "try again later"},
    {EINVAL, "EINVAL", "系统不接受这项请求的参数", "the system refused a parameter of the request",
     "请核对路径和文件系统类型", "check the path and the type of the file system"},
    {ENOMEM, "ENOMEM", "内存不足", "there is not enough memory", "请关闭其他程序或增加内存后重试",
     "close other programs or add memory, then try again"},
};

Error os_error(int value) {
  for (const OsError& known : kOsErrors) {
    if (known.value != value) continue;
    return Error(fmt::format("os.{}", known.name))
        .zh(fmt::format("{}（{}）", known.zh, known.name))
        .en(fmt::format("{} ({})", known.en, known.name))
        .remedy(known.remedy_zh, known.remedy_en);
  }
  const std::string text = std::generic_category().message(value);
  return Error(fmt::format("os.{}", value))
      .zh(fmt::format("操作系统报告错误 {}：{}", value, text))
      .en(fmt::format("the operating system reported error {}: {}", value, text))
      .remedy("请把本条信息交给系统管理员", "give this message to the system's administrator");
}

void append_part(std::string_view separator, std::string_view part, std::string* out) {
  if (!out->empty()) out->append(separator);
  out->append(part);
}

std::string place_zh(const Place& place) {
  std::string out = place.file;
  const std::string_view sep = "，";
  if (!place.sheet.empty()) append_part(sep, fmt::format("工作表“{}”", place.sheet), &out);
  if (place.row) append_part(sep, fmt::format("第 {} 行", *place.row), &out);
  if (!place.column.empty()) append_part(sep, fmt::format("“{}”列", place.column), &out);
  if (place.line) append_part(sep, fmt::format("第 {} 行", *place.line), &out);
  if (place.char_column) append_part(sep, fmt::format("第 {} 个字符", *place.char_column), &out);
  if (place.byte_offset) append_part(sep, fmt::format("字节偏移 {}", *place.byte_offset), &out);
  if (!place.element.empty()) append_part(sep, fmt::format("元素 {}", place.element), &out);
  return out;
}

// A message of several lines keeps its shape under its label.
void append_indented(std::string_view text, std::string_view indent, std::string* out) {
  for (char c : text) {
    out->push_back(c);
    if (c == '\n') out->append(indent);
  }
}

struct Labels {
  std::string_view code_open, code_close, where, why, remedy;
};
constexpr Labels kLabelsEn = {" (", ")", "where: ", "why: ", "what to do: "};
constexpr Labels kLabelsZh = {"（", "）", "位置：", "原因：", "处理办法："};

enum class Language { zh, en };

const std::string& first_of(const std::string& wanted, const std::string& other,
                            const std::string& last) {
  return !wanted.empty() ? wanted : !other.empty() ? other : last;
}

const std::string& message_of(const Error& error, Language language) {
  return language == Language::zh ? first_of(error.message_zh(), error.message_en(), error.code())
                                  : first_of(error.message_en(), error.message_zh(), error.code());
}

std::string place_of(const Error& error, Language language) {
  return language == Language::zh ? place_zh(error.place()) : error.place().to_string();
}

std::string describe(const Error& error, Language language) {
  const bool zh = language == Language::zh;
  const Labels& labels = zh ? kLabelsZh : kLabelsEn;
  constexpr std::string_view kIndent = "    ";
  std::string out;
  append_indented(message_of(error, language), kIndent, &out);
  out.append(labels.code_open).append(error.code()).append(labels.code_close);
  if (!error.place().empty()) {
    out.append("\n  ").append(labels.where).append(place_of(error, language));
  }
  for (const Error* cause = error.cause(); cause != nullptr; cause = cause->cause()) {
    out.append("\n  ").append(labels.why);
    append_indented(message_of(*cause, language), kIndent, &out);
    if (!cause->place().empty()) {
      out.append(zh ? "（位于 " : " (at ").append(place_of(*cause, language));
      out.append(labels.code_close);
    }
  }
  for (const Error* at = &error; at != nullptr; at = at->cause()) {
    const std::string& remedy = zh ? first_of(at->remedy_zh(), at->remedy_en(), at->remedy_en())
                                   : first_of(at->remedy_en(), at->remedy_zh(), at->remedy_zh());
    if (remedy.empty()) continue;
    out.append("\n  ").append(labels.remedy);
    append_indented(remedy, kIndent, &out);
    break;
  }
  return out;
}

void append_member(std::string_view key, std::string_view value, std::string* out) {
  if (value.empty()) return;
  if (out->back() != '{') out->push_back(',');
  append_json_string(key, out);
  out->push_back(':');
  append_json_string(value, out);
}

void append_member(std::string_view key, const std::optional<uint64_t>& value, std::string* out) {
  if (!value) return;
  if (out->back() != '{') out->push_back(',');
  append_json_string(key, out);
  fmt::format_to(std::back_inserter(*out), ":{}", *value);
}

void append_json(const Error& error, std::string* out) {
  out->push_back('{');
  append_member("code", error.code(), out);
  append_member("zh", error.message_zh(), out);
  append_member("en", error.message_en(), out);
  if (const Place& place = error.place(); !place.empty()) {
    out->append(",\"place\":{");
    append_member("file", place.file, out);
    append_member("sheet", place.sheet, out);
    append_member("row", place.row, out);
    append_member("column", place.column, out);
    append_member("line", place.line, out);
    append_member("char_column", place.char_column, out);
    append_member("byte_offset", place.byte_offset, out);
    append_member("element", place.element, out);
    out->push_back('}');
  }
  append_member("remedy_zh", error.remedy_zh(), out);
  append_member("remedy_en", error.remedy_en(), out);
  if (error.cause() != nullptr) {
    out->append(",\"cause\":");
    append_json(*error.cause(), out);
  }
  out->push_back('}');
}

}  // namespace

bool Place::empty() const {
  return file.empty() && sheet.empty() && !row && column.empty() && !line && !char_column &&
         !byte_offset && element.empty();
}

std::string Place::to_string() const {
  std::string out = file;
  const std::string_view sep = ", ";
  if (!sheet.empty()) append_part(sep, fmt::format("sheet {}", sheet), &out);
  if (row) append_part(sep, fmt::format("row {}", *row), &out);
  if (!column.empty()) append_part(sep, fmt::format("column {}", column), &out);
  if (line) append_part(sep, fmt::format("line {}", *line), &out);
  if (char_column) append_part(sep, fmt::format("character {}", *char_column), &out);
  if (byte_offset) append_part(sep, fmt::format("byte {}", *byte_offset), &out);
  if (!element.empty()) append_part(sep, fmt::format("element {}", element), &out);
  return out;
}

struct Error::Detail {
  std::string code;
  std::string zh;
  std::string en;
  std::string remedy_zh;
  std::string remedy_en;
  Place place;
  int os_errno = 0;
  std::optional<Error> cause;
};

Error::Error(std::string_view code) : detail_(std::make_shared<Detail>()) { detail_->code = code; }

Error::Detail& Error::own() {
  if (detail_.use_count() != 1) detail_ = std::make_shared<Detail>(detail());
  return *detail_;
}

// What is left of an Error after a move reads as an empty one.
const Error::Detail& Error::detail() const {
  static const Detail empty;
  return detail_ ? *detail_ : empty;
}

Error& Error::zh(std::string_view message) & {
  own().zh = message;
  return *this;
}
Error& Error::en(std::string_view message) & {
  own().en = message;
  return *this;
}
Error& Error::remedy(std::string_view zh, std::string_view en) & {
  Detail& detail = own();
  detail.remedy_zh = zh;
  detail.remedy_en = en;
  return *this;
}
Error& Error::file(std::string_view path) & {
  own().place.file = path;
  return *this;
}
Error& Error::sheet(std::string_view name) & {
  own().place.sheet = name;
  return *this;
}
Error& Error::row(uint64_t row) & {
  own().place.row = row;
  return *this;
}
Error& Error::column(std::string_view name) & {
  own().place.column = name;
  return *this;
}
Error& Error::line(uint64_t line, uint64_t char_column) & {
  Place& place = own().place;
  place.line = line;
  place.char_column = char_column == 0 ? std::nullopt : std::optional<uint64_t>(char_column);
  return *this;
}
Error& Error::byte_offset(uint64_t offset) & {
  own().place.byte_offset = offset;
  return *this;
}
Error& Error::element(std::string_view id) & {
  own().place.element = id;
  return *this;
}
Error& Error::because(const Error& cause) & {
  const Error kept = cause;  // `cause` may be part of this error
  std::optional<Error>& slot = own().cause;
  if (slot) {
    slot->because(kept);
  } else {
    slot = kept;
  }
  return *this;
}
Error& Error::os(int errno_value) & {
  Error cause = os_error(errno_value);
  cause.own().os_errno = errno_value;
  return because(cause);
}

const std::string& Error::code() const { return detail().code; }
const std::string& Error::message_zh() const { return detail().zh; }
const std::string& Error::message_en() const { return detail().en; }
const std::string& Error::remedy_zh() const { return detail().remedy_zh; }
const std::string& Error::remedy_en() const { return detail().remedy_en; }
const Place& Error::place() const { return detail().place; }
const Error* Error::cause() const { return detail().cause ? &*detail().cause : nullptr; }
int Error::os_errno() const {
  for (const Error* at = this; at != nullptr; at = at->cause()) {
    if (at->detail().os_errno != 0) return at->detail().os_errno;
  }
  return 0;
}

std::string Error::to_string_en() const { return describe(*this, Language::en); }
std::string Error::to_string_zh() const { return describe(*this, Language::zh); }
std::string Error::to_json() const {
  std::string out;
  append_json(*this, &out);
  return out;
}

}  // namespace yipan
