/// What an RDB consists of: counts, sizes, the memory a server takes for it, its biggest keys and
/// its most frequent prefixes, in one pass and with bounded memory. The way in is
/// [io.redrill.rdb.stats.RdbStats].
package io.redrill.rdb.stats;
