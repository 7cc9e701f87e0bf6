/// The log archive: cut the command stream into segments, ship them, read them back.
///
/// [LogArchiver] is the way in for writing, [SegmentReader] for reading. The form of a segment is
/// described in `docs/repository-format.md`.
@NullMarked
package io.redrill.backup.log;

import org.jspecify.annotations.NullMarked;
