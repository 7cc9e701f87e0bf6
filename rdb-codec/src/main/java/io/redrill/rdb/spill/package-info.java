/// Records of any number with a bounded amount of memory: kept in memory as long as they fit, then
/// dealt to temporary files so that those with the same hash meet again. The way in is
/// [io.redrill.rdb.spill.RecordSpill].
package io.redrill.rdb.spill;
