/// Recovery: choose a snapshot, plan, cut, and make a recovery point real in a file, a directory or
/// a server.
@NullMarked
package io.redrill.backup.recovery;

import org.jspecify.annotations.NullMarked;
