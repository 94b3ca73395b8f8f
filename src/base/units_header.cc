// Headers of columns as people write them, and the unit in them.
#include <array>
#include <optional>
#include <string>

#include "yipan/text.h"
#include "yipan/units.h"

namespace yipan {
namespace {

constexpr std::array<std::string_view, 5> kOpening = {"(", "（", "[", "［", "【"};
constexpr std::array<std::string_view, 5> kClosing = {")", "）", "]", "］", "】"};
constexpr std::array<std::string_view, 2> kSlashes = {"/", "／"};
constexpr int kDepthMax = 8;

// Bytes of the one of `marks` that stands at pos; 0 if none does.
template <typename Marks>
size_t mark_at(std::string_view text, size_t pos, const Marks& marks) {
  for (const std::string_view mark : marks) {
    if (text.substr(pos).starts_with(mark)) return mark.size();
  }
  return 0;
}

// text[begin, end) is a bracketed group, its content text[inner_begin, inner_end).
struct Group {
  size_t begin;
  size_t inner_begin;
  size_t inner_end;
  size_t end;
};

// The outermost bracketed groups, in their order.
std::vector<Group> groups_of(std::string_view text) {
  std::vector<Group> out;
  std::vector<std::pair<size_t, size_t>> open;  // begin, inner_begin
  for (size_t pos = 0; pos < text.size();) {
    if (const size_t length = mark_at(text, pos, kOpening)) {
      open.emplace_back(pos, pos + length);
      pos += length;
    } else if (const size_t closing = mark_at(text, pos, kClosing)) {
      if (!open.empty()) {
        const auto [begin, inner] = open.back();
        open.pop_back();
        if (open.empty()) out.push_back({begin, inner, pos, pos + closing});
      }
      pos += closing;
    } else {
      ++pos;
    }
  }
  return out;
}

std::string_view without_unit_word(std::string_view text) {
  text = trim(text);
  for (const std::string_view word : {"计量单位", "单位", "unit", "Unit", "UNIT"}) {
    if (text.ends_with(word)) return trim(text.substr(0, text.size() - word.size()));
  }
  return text;
}

// "单位：亩", "投资额：万元": the unit after the last colon.
HeaderUnit split_colon(std::string_view header) {
  for (const std::string_view colon : {"：", ":"}) {
    const size_t at = header.rfind(colon);
    if (at == std::string_view::npos) continue;
    if (const Unit* unit = find_unit(header.substr(at + colon.size()))) {
      return {std::string(without_unit_word(header.substr(0, at))), unit};
    }
  }
  return {std::string(header), nullptr};
}

// What follows the last slash, if there is one.
std::string_view last_part(std::string_view text) {
  const size_t at = text.rfind('/');
  return at == std::string_view::npos ? text : text.substr(at + 1);
}

// "金额/亿元": the longest unit after a slash, so that "单价/元/㎡" gives 元/㎡. "年/月" and
// "年/月/日" name the parts of a date and no unit: what stands before the slash must be none.
HeaderUnit split_slash(std::string_view header) {
  for (size_t pos = 0; pos < header.size(); ++pos) {
    const size_t length = mark_at(header, pos, kSlashes);
    if (length == 0) continue;
    const std::string_view name = trim(header.substr(0, pos));
    const Unit* unit = find_unit(header.substr(pos + length));
    if (unit != nullptr && !name.empty() && find_unit(last_part(name)) == nullptr) {
      return {std::string(name), unit};
    }
  }
  return {std::string(header), nullptr};
}

// "占比%", "面积㎡": signs that no name ends in.
HeaderUnit split_sign(std::string_view header) {
  for (const std::string_view sign :
       {"%", "％", "‰", "㎡", "㎢", "m²", "km²", "hm²", "万㎡", "¥"}) {
    if (!header.ends_with(sign)) continue;
    // The longest unit wins: "面积万㎡" is in 万㎡.
    const std::string_view name = trim(header.substr(0, header.size() - sign.size()));
    for (const std::string_view more : {"万", "亿", "k", "h", "c"}) {
      if (!name.ends_with(more)) continue;
      const std::string_view shorter = name.substr(0, name.size() - more.size());
      if (const Unit* unit = find_unit(header.substr(shorter.size()))) {
        return {std::string(trim(shorter)), unit};
      }
    }
    if (const Unit* unit = find_unit(sign)) return {std::string(name), unit};
  }
  return {std::string(header), nullptr};
}

// "Area m2": the unit after the last space.
HeaderUnit split_space(std::string_view header) {
  const size_t at = header.find_last_of(" \t\r\n");
  if (at == std::string_view::npos) return {std::string(header), nullptr};
  const Unit* unit = find_unit(header.substr(at));
  if (unit == nullptr) return {std::string(header), nullptr};
  return {std::string(without_unit_word(header.substr(0, at))), unit};
}

HeaderUnit split_plain(std::string_view header) {
  if (find_unit(header) != nullptr) return {std::string(header), nullptr};
  for (const auto splitter : {split_colon, split_slash, split_sign, split_space}) {
    HeaderUnit out = splitter(header);
    if (out.unit != nullptr) return out;
  }
  return {std::string(header), nullptr};
}

HeaderUnit split_content(std::string_view content, int depth);

// "投资额（万元）", "面积（地上（㎡））", "投资额（万元，含税）". The last group that holds a unit.
HeaderUnit split_brackets(std::string_view header, int depth) {
  const std::vector<Group> groups = groups_of(header);
  for (auto group = groups.rbegin(); group != groups.rend(); ++group) {
    const std::string_view content =
        header.substr(group->inner_begin, group->inner_end - group->inner_begin);
    const HeaderUnit inner = split_content(content, depth);
    if (inner.unit == nullptr) continue;
    std::string name(trim(header.substr(0, group->begin)));
    if (!inner.name.empty()) {
      name += header.substr(group->begin, group->inner_begin - group->begin);
      name += inner.name;
      name += header.substr(group->inner_end, group->end - group->inner_end);
    }
    name += trim(header.substr(group->end));
    return {std::string(trim(name)), inner.unit};
  }
  return {std::string(header), nullptr};
}

// What stands inside brackets: a unit, "单位：亩", a list with a unit in it, or more brackets.
HeaderUnit split_content(std::string_view content, int depth) {
  content = trim(content);
  if (const Unit* unit = find_unit(content)) return {"", unit};
  HeaderUnit colon = split_colon(content);
  if (colon.unit != nullptr) return colon;
  for (const std::string_view comma : {"，", ",", "、", "；", ";"}) {
    size_t begin = 0;
    for (bool last = false; !last;) {
      size_t end = content.find(comma, begin);
      last = end == std::string_view::npos;
      if (last) end = content.size();
      const std::string_view piece = content.substr(begin, end - begin);
      const bool whole = begin == 0 && last;
      const Unit* unit = whole ? nullptr : find_unit(piece);
      if (unit != nullptr) {
        std::string rest(content.substr(0, begin == 0 ? 0 : begin - comma.size()));
        rest += content.substr(begin == 0 && !last ? end + comma.size() : end);
        return {std::string(trim(rest)), unit};
      }
      begin = end + comma.size();
    }
  }
  if (depth < kDepthMax) return split_brackets(content, depth + 1);
  return {std::string(content), nullptr};
}

}  // namespace

HeaderUnit split_header_unit(std::string_view header) {
  const std::string_view text = trim(header);
  HeaderUnit out = split_brackets(text, 0);
  if (out.unit == nullptr) out = split_plain(text);
  return out;
}

}  // namespace yipan
