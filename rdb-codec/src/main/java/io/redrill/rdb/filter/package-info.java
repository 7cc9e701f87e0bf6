/// Which keys of an RDB somebody means: chosen by what stands in front of a value, so that no value
/// is decoded for it. The way in is [io.redrill.rdb.filter.RdbFilter].
package io.redrill.rdb.filter;
