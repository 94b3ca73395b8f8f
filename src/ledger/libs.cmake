yipan_link(ledger PRIVATE OpenSSL::Crypto)
