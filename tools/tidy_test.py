"""Tests of tools/tidy: for each rule what it must find and what it must leave alone."""
import importlib.machinery
import importlib.util
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
LOADER = importlib.machinery.SourceFileLoader("tidy", str(HERE / "tidy"))
tidy = importlib.util.module_from_spec(importlib.util.spec_from_loader("tidy", LOADER))
LOADER.exec_module(tidy)


def problems(files, cmake=""):
    """The problems of a tree given as {path: text}, as (path, line, rule, message)."""
    tree = tidy.Tree([tidy.Source(path, text) for path, text in files.items()], cmake)
    return tidy.problems_of(tree)


def functions(code):
    """Names and lengths in lines of the functions that the scanner sees."""
    source = tidy.Source("src/base/a.cc", code)
    braces = tidy.Braces(source.code).run()
    assert braces.unbalanced_at is None, code
    return [(name, source.line_of(last) - source.line_of(first) + 1)
            for first, last, name in braces.functions]


HEADERS = {f"src/{name}/yipan/{name}.h":
           f"#ifndef YIPAN_{name.upper()}_H_\n#define YIPAN_{name.upper()}_H_\n"
           f"#endif  // YIPAN_{name.upper()}_H_\n"
           for name in ("ledger", "store", "board", "rules")}
HEADERS["src/base/yipan/file.h"] = ("// Files.\n#ifndef YIPAN_FILE_H_\n#define YIPAN_FILE_H_\n"
                                    "#endif  // YIPAN_FILE_H_\n")


class TidyCase(unittest.TestCase):
    def good(self, path, text, **others):
        self.assertEqual(problems({**HEADERS, path: text}, **others), [])

    def bad(self, path, text, rule, line, message):
        found = problems({**HEADERS, path: text})
        self.assertEqual([(p, n, r) for p, n, r, _ in found], [(path, line, rule)], found)
        self.assertIn(message, found[0][3])


class Include(TidyCase):
    def test_follows_the_table(self):
        self.good("src/board/a.cc", '#include "yipan/ledger.h"\n#include "yipan/store.h"\n')
        self.good("src/ledger/a.cc", '#include "yipan/file.h"\n#include <vector>\n')
        self.good("src/cli/main.cc", '#include "yipan/rules.h"\n#include "cli/options.h"\n')
        self.bad("src/ledger/a.cc", '#include <vector>\n#include "yipan/store.h"\n', "include", 2,
                 "belongs to store, which may not be included here (only: base, ledger)")
        self.bad("src/base/a.cc", '#include "yipan/ledger.h"\n', "include", 1, "(only: base)")
        self.bad("src/rules/a_test.cc", '#include "yipan/board.h"\n', "include", 1, "board")

    def test_private_headers_stay_at_home(self):
        self.good("src/store/sqlite/a.cc", '#include "store/sqlite/a.h"\n')
        self.bad("src/board/a.cc", '#include "ledger/tiles.h"\n', "include", 1,
                 "private to ledger: use its public header")
        self.bad("src/cli/a.cc", '#include "store/sqlite/a.h"\n', "include", 1, "private to store")
        self.bad("tests/scenarios/a.cc", '#include "ledger/tiles.h"\n', "include", 1, "private")
        self.good("tests/conformance/ledger/a_test.cc", '#include "ledger/tiles.h"\n')
        self.good("bench/ledger/a_bench.cc", '#include "ledger/tiles.h"\n#include "yipan/file.h"\n')

    def test_says_whose_a_header_is(self):
        self.bad("src/ledger/a.cc", '#include "tiles.h"\n', "include", 1, '"ledger/tiles.h"')
        self.bad("src/ledger/a.cc", '#include "yipan/none.h"\n', "include", 1, "no public header")
        self.bad("src/ledger/a.cc", "#include <yipan/file.h>\n", "include", 1, 'write "yipan/file')
        self.good("src/ledger/a_test.cc", '#include "support/faulty_files.h"\n')
        self.bad("src/ledger/a.cc", '#include "support/faulty_files.h"\n', "include", 1, "support")

    def test_is_not_misled_by_comments_and_strings(self):
        self.good("src/base/a.cc", '// #include "yipan/store.h"\n/*\n#include "yipan/store.h"\n*/\n'
                  'const char* s = R"(\n#include "yipan/store.h"\n)";\n')

    def test_a_library_must_be_in_the_table(self):
        self.bad("src/misc/a.cc", "int x;\n", "include", 1, "'misc' is not in the include table")


class PublicHeader(TidyCase):
    def test_one_a_library(self):
        guard = "YIPAN_TILES_H_"
        self.bad("src/ledger/yipan/tiles.h",
                 f"#ifndef {guard}\n#define {guard}\n#endif  // {guard}\n", "public-header", 1,
                 "yipan/ledger.h: move this to src/ledger/")
        guard = "YIPAN_CLI_H_"
        self.bad("src/cli/yipan/cli.h", f"#ifndef {guard}\n#define {guard}\n#endif  // {guard}\n",
                 "public-header", 1, "cli is a program")


class CMake(TidyCase):
    GOOD = ("yipan_library(base)\nyipan_library(ledger base)\nyipan_library(store base)\n"
            "yipan_library(board base ledger store)\nyipan_program(cli yipan base board)\n")

    def test_lists_agree_with_the_table(self):
        self.assertEqual(problems(HEADERS, self.GOOD), [])
        for old, new, line, message in (
                ("ledger base", "ledger", 2, "the include table says: yipan_library(ledger base)"),
                ("store base", "store base ledger", 3, "yipan_library(store base)"),
                ("(ledger base)", "(misc base)", 2, "misc is not in the include table"),
                ("cli yipan base", "cli yipan rules", 5, "rules must be declared before cli")):
            found = problems(HEADERS, self.GOOD.replace(old, new))
            self.assertIn((line, "cmake"), [(n, r) for _, n, r, _ in found])
            self.assertIn(message, " ".join(what for *_, what in found))

    def test_libs_cmake_links_what_the_table_allows(self):
        self.good("src/board/libs.cmake", "yipan_link(board PUBLIC yipan::ledger GEOS::geos_c)\n")
        self.bad("src/ledger/libs.cmake", "# more\nyipan_link(ledger PUBLIC yipan::store)\n",
                 "cmake", 2, "ledger may not link store")


def long_body(lines):
    return "".join(f"  x += {i};\n" for i in range(lines))


class FunctionLength(TidyCase):
    def test_seventy_lines_are_the_limit(self):
        self.good("src/base/a.cc", "void f() {\n" + long_body(68) + "}\n")
        self.bad("src/base/a.cc", "\nvoid f() {\n" + long_body(69) + "}\n", "function-length", 2,
                 "f has 71 lines, 70 are the limit")

    def test_sees_every_form_of_function(self):
        for head in ("void f() {", "int a::B::f(int x = 3) const noexcept {", "TEST(A, f) {",
                     "template <typename T, typename U = C<T>>\nauto f(T a) -> B<T> {",
                     "struct stat f() {", "class B f(int a) const override {",
                     "A::A(int b) : c_(b), d_{b}, E<int>(b) {", "A::A(int b)\n    : d_{b} {",
                     "bool operator==(const A& a, const A& b) {", "A& operator=(const A& a) {",
                     "void operator()(int a) const {", 'extern "C" int f(char c) {',
                     "[[nodiscard]] __attribute__((target(\"sha\"))) int f(int a) {",
                     "const auto f = [](int a) {", "std::vector<int> f(std::array<int, 3> a) {",
                     "friend std::ostream& operator<<(std::ostream& o, A a) {",
                     "static const auto kTable = make([&](int a) -> int {"):
            end = "});" if "make(" in head else "};" if head.startswith("const auto") else "}"
            for outside in ("{}", "namespace a::b {{\n{}\n}}", "class C : public D<int> {{\n"
                            " public:\n  {}\n}};", "#if X\n{}\n#endif"):
                code = outside.format(head + "\n" + long_body(80) + end) + "\n"
                self.assertEqual([length for _, length in functions(code)],
                                 [82 + head.count("\n")], code)

    def test_what_is_no_function_has_no_limit(self):
        for code in ("const int a[] = {\n" + "  1,\n" * 99 + "};\n",
                     "enum class E : int {\n" + "  a,\n" * 99 + "};\n",
                     "struct S {\n" + "  int a = f();\n" * 99 + "};\n",
                     "struct __attribute__((packed)) S {\n" + "  int a;\n" * 99 + "};\n",
                     "class [[nodiscard]] alignas(16) S final : T {\n" + "  int a;\n" * 99 + "};\n",
                     "template <class T>\nclass S {\n" + "  int a;\n" * 99 + "};\n",
                     "std::function<void(int)> f{\n" + "  1,\n" * 99 + "};\n",
                     'extern "C" {\n' + "int f();\n" * 99 + "}\n",
                     "namespace {\n" + "int f();\n" * 99 + "}  // namespace\n"):
            self.assertEqual(functions(code), [], code)

    def test_lambdas_and_local_classes_count_inside_their_function(self):
        code = ("void f() {\n  auto g = [&](int a) {\n    return a;\n  };\n"
                "  struct L {\n    int h() { return 1; }\n  };\n  if (a) {\n  }\n}\n")
        self.assertEqual(functions(code), [("f", 10)])

    def test_methods_are_counted_one_by_one(self):
        code = ("class A {\n public:\n  A() : a_{1} {}\n  int f() const { return a_; }\n\n"
                "  // words\n  void g() {\n  }\n\n private:\n  int a_{};\n};\n")
        self.assertEqual(functions(code), [("A", 1), ("f", 1), ("g", 2)])

    def test_a_table_of_lambdas_is_many_functions(self):
        code = "const F kTable[] = {\n  {1, [](int a) {\n    return a;\n  }},\n  {2, g},\n};\n"
        self.assertEqual(functions(code), [("lambda", 3)])

    def test_braces_in_literals_and_comments_do_not_count(self):
        code = ("void f() {\n  char a = '{';\n  char q = '\\'';\n  const char* b = \"}\\\"{\";\n"
                "  // } it's\n  /* { \n } } */\n  auto c = R\"x({\n)\" }\n)x\";\n"
                "  int d = 1'000'000;\n  auto e = u8R\"({{{)\";\n  // continued \\\n  }\n}\n")
        self.assertEqual(functions(code), [("f", 15)])

    def test_both_branches_of_an_if_are_measured(self):
        code = ("#if A\nvoid f(int a) {\n#else\nvoid f() {\n#endif\n  x();\n}\n"
                "#define M(a) \\\n  { \\\n    a(\nvoid g() {\n}\n")
        self.assertEqual(functions(code), [("f", 4), ("g", 2)])

    def test_braces_that_do_not_balance_are_said(self):
        self.bad("src/base/a.cc", "\nvoid f() {\n  {\n}\n", "function-length", 2, "do not balance")
        self.bad("src/base/a.cc", "void f() {}\n}\n", "function-length", 2, "do not balance")

    def test_python(self):
        body = "    x = 1\n"
        self.good("tools/a.py", "def f():\n" + body * 69)
        self.bad("tools/a.py", "\ndef f():\n" + body * 70, "function-length", 2, "f has 71 lines")
        self.bad("tools/a", "#!/usr/bin/env python3\nasync def f():\n" + body * 70,
                 "function-length", 2, "f has 71 lines")
        self.bad("tools/a.py", "x = 1\ndef f(:\n", "function-length", 2, "cannot be read as Python")
        self.good("tools/a.sh", "f() {\n" + "  true\n" * 99 + "}\n")


class LineLength(TidyCase):
    def test_a_hundred_code_points(self):
        self.good("src/base/a.cc", "// " + "字" * 97 + "\n")
        self.bad("src/base/a.cc", "\n// " + "字" * 98 + "\n", "line-length", 2, "101 characters")
        self.bad("tools/a.sh", "#" * 101 + "\n", "line-length", 1, "break the line")
        self.good("tests/README.md", "word " * 99 + "\n")
        self.good("tests/conformance/a.csv", "1," * 99 + "\n")


class Marker(TidyCase):
    def test_nothing_is_left_for_later(self):
        for word in ("TO" + "DO", "FIX" + "ME", "X" * 3):
            self.bad("src/base/a.cc", f"int a;\n// {word}: more\n", "marker", 2, "do it now")
            self.bad("tests/README.md", f"{word}\n", "marker", 1, word)
        self.good("src/base/a.cc", 'auto name = "/tmp/a-' + "X" * 6 + '";\n// XX-2022 TODOS\n')


class Banned(TidyCase):
    def test_calls_that_do_not_belong_in_a_library(self):
        for code, message in (
                ("std::cout << 1;", "log through the Logger"), ("printf(a);", "Logger"),
                ("std::fprintf(stderr, a);", "Logger"), ("fmt::print(a);", "Logger"),
                ("abort();", "return an Error"), ("return std::exit(1);", "return an Error"),
                ("::_exit(1);", "return an Error"), ("x = rand();", "take a Random"),
                ("std::mt19937 r;", "take a Random"),
                ("auto t = std::chrono::system_clock::now();", "take a Clock"),
                ("auto t = time(nullptr);", "take a Clock"),
                ("clock_gettime(a, &b);", "take a Clock"),
                ("if (a && time(0)) {}", "take a Clock"),
                ("auto h = std::getenv(a);", "only cli reads the environment"),
                ("throw 1;", "return an Error (fail(...))")):
            self.bad("src/ledger/a.cc", f"void f() {{\n  {code}\n}}\n", "banned", 2, message)

    def test_names_that_only_look_so(self):
        self.good("src/ledger/a.cc", "void f() {\n  a.abort();\n  b->exit(1);\n  c::rand();\n"
                  "  snprintf(a, 1, b);\n  time(&x, y);\n  // throw abort() std::cout\n"
                  '  g("printf(");\n  int printf_like(int);\n}\nvoid exit(int code);\n'
                  .replace("time(&x, y)", "run_time(&x)"))

    def test_where_they_belong(self):
        self.good("src/base/check.cc", "void f() {\n  std::fprintf(stderr, a);\n  abort();\n}\n")
        self.good("src/cli/main.cc", "void f() {\n  std::cout << getenv(a);\n  exit(1);\n}\n")
        self.bad("src/cli/main.cc", "void f() {\n  throw 1;\n}\n", "banned", 2, "throw")
        self.good("src/ledger/a_test.cc", "void f() {\n  std::cout << 1;\n  throw 1;\n}\n")
        self.good("src/base/test_seed.h", "#ifndef YIPAN_BASE_TEST_SEED_H_\n"
                  "#define YIPAN_BASE_TEST_SEED_H_\ninline auto s() { return getenv(a); }\n"
                  "#endif  // YIPAN_BASE_TEST_SEED_H_\n")
        self.good("bench/ledger/a_bench.cc", "void f() {\n  printf(a);\n}\n")

    def test_swallowed_exceptions(self):
        for catch in ("catch (...) {}", "catch (...) {\n  // never mind\n  }",
                      "catch (const std::exception& e) { }"):
            self.bad("src/cli/a.cc", "void f() {\n  try {\n    g();\n  } " + catch + "\n}\n",
                     "banned", 4, "swallows an exception")
        self.good("src/cli/a.cc", "bool f() {\n  try {\n    g();\n  } catch (...) {\n"
                  "    return false;\n  }\n  return true;\n}\n")

    def test_using_namespace(self):
        self.bad("src/cli/a.cc", "using namespace std;\n", "banned", 1, "using namespace std")
        self.good("src/cli/a.cc", "using namespace std::string_view_literals;\n")


class Guard(TidyCase):
    def test_names(self):
        for path, guard in (("src/base/yipan/hash.h", "YIPAN_HASH_H_"),
                            ("src/store/sqlite/pool.h", "YIPAN_STORE_SQLITE_POOL_H_"),
                            ("tests/support/a.h", "YIPAN_TESTS_SUPPORT_A_H_"),
                            ("tests/end-to-end/a.h", "YIPAN_TESTS_END_TO_END_A_H_")):
            text = f"// A.\n#ifndef {guard}\n#define {guard}\nint a;\n#endif  // {guard}\n"
            self.good(path, text)
            self.bad(path, text.replace(f"#endif  // {guard}", "#endif"), "guard", 5,
                     f"#endif  // {guard}")
            self.bad(path, text.replace(f"#ifndef {guard}", "#ifndef OTHER_H"), "guard", 1,
                     f"#ifndef {guard} and #define {guard}")
        self.bad("src/base/a.h", "#pragma once\n#endif  // YIPAN_BASE_A_H_\n", "guard", 1, "begin")


class Whitespace(TidyCase):
    def test_ends_and_tabs(self):
        self.bad("src/base/a.cc", "int a;", "whitespace", 1, "does not end in a newline")
        self.bad("src/base/a.cc", "int a;\n\n", "whitespace", 2, "empty lines")
        self.bad("src/base/a.cc", "int a;\n\tint b;\n", "whitespace", 2, "a tab")
        self.bad("src/base/a.cc", "int a; \n", "whitespace", 1, "spaces at the end")
        self.bad("src/base/a.cc", "int a;\r\n", "whitespace", 1, "spaces at the end")
        self.good("tests/README.md", "a line  \nbroken\n")
        self.good("tests/a.csv", "1,2 \t\r\n3,4")
        self.good("tests/end-to-end/main.go", "package main\n\nfunc main() {\n\tf()\n}\n")
        self.good("tests/empty.cc", "")


class Lang(TidyCase):
    TAG = "<ht" + "ml"

    def test_pages_say_that_they_are_chinese(self):
        self.good("tests/a.html", f'<!doctype html>\n{self.TAG} lang="zh-CN">\n')
        self.bad("tests/a.html", f"<!doctype html>\n{self.TAG}>\n", "lang", 2, 'lang="zh-CN"')
        self.bad("tests/a.html", f'{self.TAG} lang="en">\n', "lang", 1, "add it to its tag")
        self.good("src/cli/a.cc", f'auto a = "{self.TAG} lang=\\"zh-CN\\">";\n')
        self.bad("src/cli/a.cc", f'auto a = "{self.TAG}>";\n', "lang", 1, "zh-CN")


class Program(unittest.TestCase):
    def run_tidy(self, root, *paths):
        done = subprocess.run([sys.executable, str(HERE / "tidy"), "--root", str(root), *paths],
                              capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.splitlines()

    def test_prints_places_and_a_total(self):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / "src/base").mkdir(parents=True)
            (root / "src/base/a.cc").write_text("int a;\n", encoding="utf-8")
            (root / "src/base/b.bin").write_bytes(b"\0\1 \n")
            (root / "tests").mkdir()
            (root / "tests/b.cc").write_text("int b; \n", encoding="utf-8")
            self.assertEqual(self.run_tidy(root), (1, [
                "tests/b.cc:1: whitespace: spaces at the end of the line: remove them",
                "tidy: 2 files, 1 problems"]))
            self.assertEqual(self.run_tidy(root, "src"), (0, ["tidy: 1 files, 0 problems"]))
            (root / "tests/b.cc").write_bytes(b"// \xb0\xa1\n")
            code, lines = self.run_tidy(root)
            self.assertEqual((code, lines[-1]), (1, "tidy: 2 files, 1 problems"))
            self.assertIn("not UTF-8", lines[0])

    def test_follows_git(self):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            subprocess.run(["git", "init", "-q", folder], check=True)
            (root / "src/base").mkdir(parents=True)
            (root / ".gitignore").write_text("*_made.cc\n", encoding="utf-8")
            (root / "src/base/a_made.cc").write_text("int a; \n", encoding="utf-8")
            (root / "src/base/untracked.cc").write_text("int a; \n", encoding="utf-8")
            code, lines = self.run_tidy(root)
            self.assertEqual(code, 1)
            self.assertEqual([line.split(":")[0] for line in lines],
                             ["src/base/untracked.cc", "tidy"])


if __name__ == "__main__":
    unittest.main()
