# Intel's decimal library: the variant with arguments by value, rounding and flags passed in.
find_library(BIDGCC bidgcc000 REQUIRED)
yipan_link(base PRIVATE ${BIDGCC} OpenSSL::Crypto)
