#include "cli/manual.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/version.h"

namespace yipan::cli {

namespace {

std::string roff(std::string text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if ((c == '.' || c == '\'') && (i == 0 || text[i - 1] == '\n')) {
      out += "\\&";
      out += c;
    } else {
      out += c;
    }
  }
  return out;
}

std::string option_lines(const CLI::App& app) {
  std::string out;
  for (const CLI::Option* option : app.get_options()) {
    out += ".TP\n.B " + roff(option->get_name(false, true)) + "\n" +
           roff(option->get_description()) + "\n";
  }
  return out;
}

std::vector<std::string> flags_of(const CLI::App& app) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
  }
  return flags;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

std::string command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* sub : app.get_subcommands({})) names.push_back(sub->get_name());
  return joined(names);
}

std::string bash_script(const CLI::App& app) {
  std::string cases;
  for (const CLI::App* sub : app.get_subcommands({})) {
    cases += fmt::format("    {}) words=\"{}\" ;;\n", sub->get_name(),
                         joined(flags_of(*sub)) + " " + command_names(*sub));
  }
  return fmt::format(
      "# bash completion for yipan: source it, or put it in /etc/bash_completion.d/\n"
      "_yipan() {{\n"
      "  local current=${{COMP_WORDS[COMP_CWORD]}} command= words= i\n"
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
      "    case ${{COMP_WORDS[i]}} in\n"
      "      --city|-C|--lang) ((i++)) ;;\n"
      "      -*) ;;\n"
      "      *) command=${{COMP_WORDS[i]}}; break ;;\n"
      "    esac\n"
      "  done\n"
      "  case $command in\n"
      "    '') words=\"{} {}\" ;;\n{}"
      "  esac\n"
      "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
      "  [ ${{#COMPREPLY[@]}} -gt 0 ] || COMPREPLY=($(compgen -f -- \"$current\"))\n"
      "}}\n"
      "complete -o filenames -F _yipan yipan\n",
      command_names(app), joined(flags_of(app)), cases);
}

std::string fish_script(const CLI::App& app) {
  std::string out = "# fish completion for yipan\ncomplete -c yipan -n __fish_use_subcommand -f\n";
  for (const CLI::App* sub : app.get_subcommands({})) {
    out += fmt::format("complete -c yipan -n __fish_use_subcommand -a {} -d \"{}\"\n",
                       sub->get_name(), sub->get_description());
    for (const CLI::Option* option : sub->get_options()) {
      for (const std::string& name : option->get_lnames()) {
        out +=
            fmt::format("complete -c yipan -n '__fish_seen_subcommand_from {}' -l {} -d \"{}\"\n",
                        sub->get_name(), name, option->get_description());
      }
    }
  }
  return out;
}

}  // namespace

std::string manual_page(const CLI::App& app, Lang lang) {
  const bool zh = lang == Lang::zh;
  std::string out = fmt::format(".TH YIPAN 1 \"\" \"Yipan {}\"\n", kVersion);
  out += fmt::format(".SH {}\nyipan \\- {}\n", zh ? "名称" : "NAME", roff(app.get_description()));
  out += fmt::format(".SH {}\n.B yipan\n[--city DIR] [--lang zh|en] [--json] COMMAND ...\n",
                     zh ? "用法" : "SYNOPSIS");
  out += fmt::format(".SH {}\n", zh ? "通用选项" : "COMMON OPTIONS") + option_lines(app);
  out += fmt::format(".SH {}\n", zh ? "命令" : "COMMANDS");
  for (const CLI::App* sub : app.get_subcommands({})) {
    out += ".SS " + roff(sub->get_name()) + "\n" + roff(sub->get_description()) + "\n" +
           option_lines(*sub);
    for (const CLI::App* inner : sub->get_subcommands({})) {
      out += ".SS " + roff(sub->get_name() + " " + inner->get_name()) + "\n" +
             roff(inner->get_description()) + "\n" + option_lines(*inner);
    }
  }
  out += fmt::format(".SH {}\n", zh ? "退出码" : "EXIT STATUS");
  out += zh ? ".TP\n0\n完成\n.TP\n1\n未能完成，说明在标准错误\n.TP\n2\n命令行有误\n.TP\n3\n"
              "已检查，发现问题\n"
            : ".TP\n0\ndone\n.TP\n1\nit could not be done; standard error says why\n.TP\n2\n"
              "the command line is wrong\n.TP\n3\nit was checked, and problems were found\n";
  return out;
}

std::string completion_script(const CLI::App& app, const std::string& shell) {
  if (shell == "fish") return fish_script(app);
  // zsh runs bash completions through its own bridge.
  const std::string prefix = shell == "zsh" ? "autoload -U +X bashcompinit && bashcompinit\n" : "";
  return prefix + bash_script(app);
}

}  // namespace yipan::cli
