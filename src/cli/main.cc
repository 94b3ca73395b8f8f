// `yipan`: the composition root. Only here are the real clock, the real files and the terminal.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "cli/options.h"

namespace {

// Chinese unless the locale asks for English: the city's people are the first readers.
yipan::cli::Lang language_from_environment() {
  for (const char* name : {"YIPAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    return std::string_view(value).starts_with("en") ? yipan::cli::Lang::en : yipan::cli::Lang::zh;
  }
  return yipan::cli::Lang::zh;
}

}  // namespace

int main(int argc, char** argv) {
  const yipan::Logger logger(
      [](std::string_view line) {
        std::string text(line);
        text += '\n';
        std::fwrite(text.data(), 1, text.size(), stderr);
      },
      yipan::Clock::system(), yipan::Level::warning);
  yipan::cli::Context context;
  context.lang = language_from_environment();
  context.progress = ::isatty(STDERR_FILENO) == 1;
  context.files = &yipan::Files::posix();
  context.clock = &yipan::Clock::system();
  context.logger = &logger;
  if (const char* city = std::getenv("YIPAN_CITY"); city != nullptr && *city != '\0') {
    context.city_dir = city;
  }
  return yipan::cli::run_command_line(context, argc, argv);
}
