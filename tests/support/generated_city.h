// The demonstration city on a board: generated, taken in through the ledger, diagnosed.
#ifndef YIPAN_TESTS_SUPPORT_GENERATED_CITY_H_
#define YIPAN_TESTS_SUPPORT_GENERATED_CITY_H_

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "yipan/findings.h"
#include "yipan/generate.h"
#include "yipan/intake.h"

namespace yipan::test {

inline const std::string kSource = YIPAN_SOURCE_DIR;
inline const Date kAsOf = Date::from_ymd(2022, 11, 30).value();

inline TempDir make_folder() {
  auto folder = TempDir::make("/dev/shm");
  if (!folder) folder = TempDir::make();
  return std::move(*folder);
}

// A generated city on its board.
class GeneratedCity {
 public:
  GeneratedCity(bool clean, std::unique_ptr<store::Connection> db)
      : folder_(make_folder()), clock_(Instant::parse("2022-12-01T00:00:00Z").value()) {
    generate::GenerateOptions options;
    options.clean = clean;
    options.with_planted = true;
    options.city_dir = kSource + "/cities/xx";
    options.schema_dir = kSource + "/rulebook/schema";
    options.out_dir = folder_.path() + "/package";
    const auto made = generate::generate(Files::posix(), options);
    EXPECT_TRUE(made.has_value()) << (made ? "" : made.error().to_string_en());
    open_ledger();
    const auto done = fill(std::move(db));
    EXPECT_TRUE(done.has_value()) << (done ? "" : done.error().to_string_en());
  }
  std::string package() const { return folder_.path() + "/package"; }
  board::Board& board() { return *board_; }

  // `clock`: to measure the steps.
  // `connect`: for a second connection.
  using Connect = std::function<Result<std::unique_ptr<store::Connection>>()>;
  findings::Diagnosis diagnose(const Clock* clock = nullptr, Connect connect = {}) {
    auto book = findings::load_rulebook(Files::posix(), kSource + "/rulebook",
                                        {.as_of = kAsOf, .questions = {}});
    EXPECT_TRUE(book.has_value()) << (book ? "" : book.error().to_string_en());
    findings::DiagnoseOptions options;
    options.as_of = kAsOf;
    options.clock = clock;
    options.connect = std::move(connect);
    auto out = findings::diagnose(board_->connection(), board_->schemas(), *book, options);
    EXPECT_TRUE(out.has_value()) << (out ? "" : out.error().to_string_en());
    for (const auto& problem : out->missing) {
      ADD_FAILURE() << problem.pack << "\n" << problem.errors.front().to_string_en();
    }
    for (const findings::Answer& answer : out->answers) {
      for (const auto* list : {&answer.errors, &answer.unjudged}) {
        for (const Error& error : *list) ADD_FAILURE() << error.to_string_en();
      }
    }
    return std::move(*out);
  }

 private:
  void open_ledger() {
    ledger::Options options;
    options.files = &Files::posix();
    options.clock = &clock_;
    options.logger = &Logger::none();
    options.directory = folder_.path() + "/ledger";
    options.origin = "test.example/xx";
    options.signer = &signer_;
    auto opened = ledger::Ledger::open(options);
    ASSERT_TRUE(opened.has_value()) << opened.error().to_string_en();
    ledger_ = std::move(*opened);
  }
  Result<> fill(std::unique_ptr<store::Connection> db) {
    board::BoardOptions options;
    options.connection = std::move(db);
    options.ledger = ledger_.get();
    options.scratch_directory = folder_.path();
    YIPAN_ASSIGN(board_, board::Board::open(std::move(options)));
    YIPAN_ASSIGN(const board::Schemas schemas,
                 board::Schemas::load(Files::posix(), kSource + "/rulebook/schema"));
    ledger::Entry entry;
    entry.who = "test";
    entry.when = clock_.now();
    entry.what = "schema.adopt";
    entry.on = "rulebook/schema";
    entry.body = "{}";
    YIPAN_ASSIGN(const Hash256 bundle, ledger_->put_blob(schemas.bundle()));
    entry.evidence = {bundle};
    YIPAN_ASSIGN(auto staged, board_->stage(entry, ledger_->size()));
    YIPAN_TRY(ledger_->append(entry));
    YIPAN_TRY(staged->commit());
    staged.reset();
    const intake::Context context{&Files::posix(), &clock_, &Logger::none(), ledger_.get(),
                                  board_.get()};
    intake::PackageOptions package_options;
    package_options.path = package();
    package_options.who = "test";
    YIPAN_ASSIGN(const auto outcome, intake::import_package(context, package_options));
    EXPECT_TRUE(outcome.complete);
    return {};
  }

  TempDir folder_;
  ManualClock clock_;
  ledger::Signer signer_ =
      std::move(ledger::Signer::generate("test.example/xx", std::string(32, 's')).value());
  std::unique_ptr<ledger::Ledger> ledger_;
  std::unique_ptr<board::Board> board_;
};

inline std::unique_ptr<store::Connection> memory() {
  return std::move(store::open({.url = "sqlite::memory:"}).value());
}

}  // namespace yipan::test

#endif  // YIPAN_TESTS_SUPPORT_GENERATED_CITY_H_
