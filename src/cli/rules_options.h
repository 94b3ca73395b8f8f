// The options of `yipan rules ...`. The only header that shows CLI11 to options.cc's neighbour.
#ifndef YIPAN_CLI_RULES_OPTIONS_H_
#define YIPAN_CLI_RULES_OPTIONS_H_

#include <functional>

#include "cli/rules_commands.h"

namespace CLI {
class App;
}

namespace yipan::cli {

// What is referred to must outlive `app`. The chosen command becomes *action.
void add_rules(CLI::App& app, const Context& context, RulesCommand& command,
               std::function<int()>& action);

}  // namespace yipan::cli

#endif  // YIPAN_CLI_RULES_OPTIONS_H_
