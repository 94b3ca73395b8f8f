// The options of `yipan diagnose`, `findings`, `explain` and `questions`.
#ifndef YIPAN_CLI_DIAGNOSE_OPTIONS_H_
#define YIPAN_CLI_DIAGNOSE_OPTIONS_H_

#include <functional>

#include "cli/diagnose_commands.h"

namespace CLI {
class App;
}

namespace yipan::cli {

// What is referred to must outlive `app`. The chosen command becomes *action.
void add_diagnose(CLI::App& app, const Context& context, DiagnoseCommand& command,
                  std::function<int()>& action);

}  // namespace yipan::cli

#endif  // YIPAN_CLI_DIAGNOSE_OPTIONS_H_
