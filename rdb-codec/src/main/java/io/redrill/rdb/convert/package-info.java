/// Makes RDB files from RDB files: for an older or another server, of some of the keys, one per
/// shard, or one of several.
///
/// [io.redrill.rdb.convert.CompatSurvey] says what each [io.redrill.rdb.convert.RdbTarget] can
/// hold, and [io.redrill.rdb.convert.RdbConversion] writes for one of them;
/// [io.redrill.rdb.convert.RdbSplit] and [io.redrill.rdb.convert.RdbMerge] make several of one, and
/// one of several. A source is a file that is read twice: once to see what there is and that
/// nothing is damaged, before the first byte is written; once to write. What can stay as it is
/// stays byte for byte.
package io.redrill.rdb.convert;
