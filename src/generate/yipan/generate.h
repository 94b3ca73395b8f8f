// The demonstration city: a complete, made-up data package whose totals are the speech's figures.
//
// generate() writes a Frictionless data package (datapackage.json and one file a table, described
// by rulebook/schema) for the city of cities/xx. Every total that the speech states is met to the
// last digit; in between, records are drawn at random from `seed`, and the eight kinds of problem
// are planted in single records. Every resource says "synthetic": true and so does every row.
//
//   auto report = generate::generate(Files::posix(), {.seed = 1, .city_dir = "cities/xx",
//                                                     .schema_dir = "rulebook/schema",
//                                                     .out_dir = "/tmp/xx"});
//
// The same options give the same bytes: no clock, no locale, one random stream forked for each
// table family. `clean` makes the twin: the same totals, none of the planted problems, except those
// that a total itself forces (604 unlawful parcels stay; docs/guide/city-xx.md lists them).
//
// Files: UTF-8 CSV; contracts, investment and flats as GB18030 CSV with Chinese headers, local
// units (万元, 万千瓦时) and labels for codes; GeoJSON for tables with a geometry. With
// `with_planted` also planted.json, the private list of what was planted where, for tests; it is
// never part of the package.
//
// Errors: "generate.figures.*" (figures.toml: syntax, a missing figure, an inexact value, one
// out of bounds), "generate.formula.*", "generate.options.scale", "generate.census.*",
// "generate.schema.*", "generate.total" (a finished table does not add up to its figure: element()
// is the figure's id), and errors of Files.
#ifndef YIPAN_GENERATE_H_
#define YIPAN_GENERATE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "yipan/file.h"
#include "yipan/result.h"

namespace yipan::generate {

struct GenerateOptions {
  uint64_t seed = 1;
  bool clean = false;         // the twin without planted problems
  bool with_planted = false;  // write planted.json too
  std::string city_dir;       // holds figures.toml and census_2020_age_sex.csv
  std::string schema_dir;     // rulebook/schema
  std::string out_dir;        // made if missing; files of the same names are replaced
  // Multiplies what the speech does not count (enterprises and their months, transfers, and up to
  // eightfold the lawful parcels); what it counts stays. 1 to 100.
  int scale = 1;
};

struct TableReport {
  std::string table;
  std::string file;
  uint64_t rows = 0;
  uint64_t bytes = 0;
};

struct GenerateReport {
  std::vector<TableReport> tables;  // in the order of datapackage.json
  uint64_t rows = 0;
  uint64_t bytes = 0;
  std::vector<std::string> figures;  // ids of the figures that were verified against the tables
  uint64_t planted = 0;              // number of planted problems
};

Result<GenerateReport> generate(Files& files, const GenerateOptions& options);

}  // namespace yipan::generate

#endif  // YIPAN_GENERATE_H_
