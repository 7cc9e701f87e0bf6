/// Scratch instances: throwaway servers that a drill restores into.
///
/// [ScratchKind] says which program, [ScratchInstance] is one running process with its directory,
/// and [BundledReplayEngine] replays logs for restores. Every process started here listens on
/// loopback only, and is ended and cleaned up by whoever closes it; what a killed drill left behind
/// is collected by [ScratchDirectory]. The package knows nothing of repositories.
@NullMarked
package io.redrill.verify.instance;

import org.jspecify.annotations.NullMarked;
