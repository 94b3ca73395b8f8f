// What every part of the generator shares: the options, the figures, the tables so far, the map of
// the city, and the list of what was planted.
#ifndef YIPAN_GENERATE_WORLD_H_
#define YIPAN_GENERATE_WORLD_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "generate/draw.h"
#include "generate/figures.h"
#include "generate/geometry.h"
#include "generate/schema.h"
#include "generate/table.h"
#include "yipan/check.h"
#include "yipan/clock.h"
#include "yipan/generate.h"

namespace yipan::generate {

// One planted problem (or several records that make up one kind of it).
struct Planted {
  std::string code;  // "tender_before_approval"
  std::string rule;  // rule of law it breaks ("P19"), "" if none
  int question = 0;  // 1 to 8
  std::string table;
  std::vector<std::vector<std::string>> keys;  // primary keys as text
};

// A square of the population grid, in metres east and north of the city's centre.
struct GridCell {
  std::string id;
  std::string district;  // area id
  std::string street;    // area id
  double x = 0;          // middle
  double y = 0;
  double size = 0;     // edge
  bool urban = false;  // in the 1,088 km²
  bool built_up = false;
  bool water = false;
  bool quarter = false;  // in the quarter without a centre
  int64_t residents = 0;
};

// Organisations by what they can be asked to do.
struct Cast {
  std::vector<std::string> agents;  // construction agents that are not departments
  std::vector<std::string> department_agents;
  std::vector<std::string> contractors;
  std::vector<std::string> designers;  // survey, design, supervision
  std::vector<std::string> platforms;
  std::vector<std::string> districts;  // district governments, in the order of kDistricts
  std::vector<std::string> manufacturers;
  std::vector<std::string> services;
  std::vector<std::string> investors;
  std::vector<std::string> local_companies;
  std::vector<std::string> developers;
};

// A project's way through the lawful procedure, from which approvals, tenders, contracts and
// payments are written. `problem` is the one planted in it, "" if none.
struct Course {
  std::string id;
  std::string problem;
  std::string kind;
  std::string owner, agent, supervisor;
  bool building = false;  // has a floor area
  bool major = false;     // 500 million yuan and more
  bool completed = false;
  bool started = false;
  Date proposed, proposal, feasibility, design, budget, fiscal, plan_permit, drawing;
  Date notice, award, contract, permit, start, end, verified, accepted, filed, accounts;
  int64_t estimate_fen = 0;
  int64_t budget_fen = 0;
  int64_t norm_fen_per_m2 = 0;
  double floor_m2 = 0;
};

inline const std::vector<std::string> kUrbanDistricts = {"D1", "D2", "D3", "D4"};
inline const std::vector<std::string> kDistricts = {"D1", "D2", "D3", "D4", "C1", "C2", "C3"};

struct World {
  World(const GenerateOptions& given, Figures read, SchemaSet schema);
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  GenerateOptions options;
  Figures figures;
  SchemaSet schemas;
  Projection projection;
  std::vector<GridCell> cells;
  std::vector<Metres> lawful_parcels;  // middles of the first lawful parcels, in their order
  std::vector<Course> courses;
  Cast cast;
  std::vector<Planted> planted;

  bool dirty() const { return !options.clean; }
  Table& table(std::string_view name);
  const std::map<std::string, Table, std::less<>>& tables() const { return tables_; }
  // An independent stream for one part of the city.
  Random random(uint64_t stream) const { return Random(options.seed).fork(stream); }
  // The figure's value x 10^digits; the figure must be there (checked when the world is made).
  int64_t figure(std::string_view id, int digits = 0) const;
  void plant(std::string_view code, std::string_view rule, int question, const Row& row);

  Date as_of() const { return figures.as_of(); }

 private:
  std::map<std::string, Table, std::less<>> tables_;
};

// Streams of randomness: one a part, so that a change in one leaves the others as they were.
enum Stream : uint64_t {
  kStreamPopulation = 1,
  kStreamMigration,
  kStreamOrganisations,
  kStreamHealth,
  kStreamSchools,
  kStreamOtherFacilities,
  kStreamCommerce,
  kStreamParcels,
  kStreamViolations,
  kStreamProjects,
  kStreamProcedure,
  kStreamProcurement,
  kStreamBudget,
  kStreamPayments,
  kStreamTransfers,
  kStreamLevies,
  kStreamDebts,
  kStreamInvestments,
  kStreamReceipts,
  kStreamPlans,
  kStreamFlats,
  kStreamHouseholds,
  kStreamAssets,
  kStreamFunds,
  kStreamPolicies,
  kStreamObservations,
  kStreamEnterprises,
  kStreamGovernance,
  kStreamReviews,
  kStreamClaims,
  kStreamDuties,
};

// The parts, in the order in which they run.
Result<> make_areas_and_population(World& world, Files& files);
void make_organisations(World& world);
void make_facilities(World& world);
void make_commerce(World& world);
void make_parcels(World& world);
void make_projects(World& world);
void make_procedure(World& world);
void make_procurement(World& world);
void make_accounts_and_budget(World& world);
void make_payments(World& world);
void make_transfers(World& world);
void make_investments(World& world);
void make_debts(World& world);
void make_plans(World& world);
void make_housing(World& world);
void make_assets(World& world);
void make_funds_and_policies(World& world);
void make_statistics(World& world);
void make_enterprise_months(World& world);
void make_governance(World& world);

}  // namespace yipan::generate

#endif  // YIPAN_GENERATE_WORLD_H_
