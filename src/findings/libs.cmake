# pugixml: which inputs a decision of judge.dmn needs, and on which line its texts stand.
find_package(pugixml REQUIRED)
yipan_link(findings PRIVATE pugixml::pugixml)
