/// The ways into a Redis: as its replica, or through its data directory.
///
/// [Source] is what the rest sees; [PsyncSource] and [DataDirSource] are the two ways. A source
/// yields images of its data set, and [SnapshotTaker] stores them as snapshots.
@NullMarked
package io.redrill.backup.source;

import org.jspecify.annotations.NullMarked;
