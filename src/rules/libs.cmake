# pugixml reads DMN; ICU has the Unicode character database for regular expressions and case.
find_package(pugixml REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc data)
yipan_link(rules PRIVATE pugixml::pugixml ICU::uc ICU::data)
