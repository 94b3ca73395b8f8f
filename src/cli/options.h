// The command line: names, options and help in two languages.
#ifndef YIPAN_CLI_OPTIONS_H_
#define YIPAN_CLI_OPTIONS_H_

#include "cli/context.h"

namespace yipan::cli {

// Parses and runs. Returns the exit code.
int run_command_line(Context context, int argc, char** argv);

}  // namespace yipan::cli

#endif  // YIPAN_CLI_OPTIONS_H_
