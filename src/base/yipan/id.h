// Typed ids: a ProjectId cannot be passed where a ParcelId is wanted.
//
//   using ProjectId = Id<struct ProjectTag>;
//   ProjectId id("XX-2022-0149");
#ifndef YIPAN_ID_H_
#define YIPAN_ID_H_

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace yipan {

// A textual id as it stands in the city's own files.
template <typename Tag>
class Id {
 public:
  Id() = default;
  explicit Id(std::string value) : value_(std::move(value)) {}
  const std::string& value() const { return value_; }
  bool empty() const { return value_.empty(); }
  friend auto operator<=>(const Id&, const Id&) = default;

 private:
  std::string value_;
};

// A number that must not be mixed up with another kind of number (an entry's index, a record id).
template <typename Tag>
class Index {
 public:
  constexpr Index() = default;
  constexpr explicit Index(uint64_t value) : value_(value) {}
  constexpr uint64_t value() const { return value_; }
  friend constexpr auto operator<=>(Index, Index) = default;

 private:
  uint64_t value_ = 0;
};

}  // namespace yipan

template <typename Tag>
struct std::hash<yipan::Id<Tag>> {
  size_t operator()(const yipan::Id<Tag>& id) const noexcept {
    return std::hash<std::string>()(id.value());
  }
};
template <typename Tag>
struct std::hash<yipan::Index<Tag>> {
  size_t operator()(yipan::Index<Tag> id) const noexcept {
    return std::hash<uint64_t>()(id.value());
  }
};

#endif  // YIPAN_ID_H_
