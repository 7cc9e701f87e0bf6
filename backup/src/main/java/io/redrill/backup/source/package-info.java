/// The ways into a Redis: as its replica, or through its data directory.
///
/// [Source] is what the rest sees; [PsyncSource] and [DataDirSource] are the two ways. A source
/// yields snapshots and the log; it knows nothing of repositories' layout, and stores nothing.
@NullMarked
package io.redrill.backup.source;

import org.jspecify.annotations.NullMarked;
