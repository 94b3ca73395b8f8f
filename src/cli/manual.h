// The manual page and the shell completions, made from the command line's own definition so that
// they cannot fall behind it.
#ifndef YIPAN_CLI_MANUAL_H_
#define YIPAN_CLI_MANUAL_H_

#include <string>

#include "cli/context.h"

namespace CLI {
class App;
}

namespace yipan::cli {

std::string manual_page(const CLI::App& app, Lang lang);  // roff, section 1
std::string completion_script(const CLI::App& app, const std::string& shell);

}  // namespace yipan::cli

#endif  // YIPAN_CLI_MANUAL_H_
