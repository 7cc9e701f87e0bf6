/// A store in a directory of this machine or of a mounted disk: [FilesystemStore].
@NullMarked
package io.redrill.storage.filesystem;

import org.jspecify.annotations.NullMarked;
