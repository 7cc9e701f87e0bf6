package io.redrill.rdb.salvage;

import io.redrill.rdb.RdbHeader;

/// A damaged file that is gone through, and what was learnt of it so far.
///
/// @param header as which it is read
/// @param shape what its keys look like
/// @param templates the names of fields that stood in it until here
/// @param reach how much of it may be read
record DamagedFile(
    FileBytes bytes,
    RdbHeader header,
    KeyShape shape,
    Templates templates,
    RecordSource.Reach reach) {}
