// The files of the law registry: any bytes, as a source and as rules.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "findings/law.h"
#include "yipan/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using yipan::findings::LawSource;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<yipan::Error> problems;
  std::vector<LawSource> sources;
  if (auto source = yipan::findings::parse_law_source(text, "s", &problems)) {
    sources.push_back(std::move(*source));
  }
  auto rules = yipan::findings::parse_law_rules(text, "r", &problems);
  const auto law = yipan::findings::make_law(std::move(sources), std::move(rules), &problems);
  for (const LawSource& source : law.sources()) {
    for (const auto& article : source.articles) {
      const auto cited = law.resolve(source.id + "#" + article.id);
      CHECK(!problems.empty() || (cited && cited->article == &article));
    }
  }
  for (const yipan::Error& problem : problems) (void)problem.to_string_en();
  return 0;
}
