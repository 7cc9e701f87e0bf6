/// Tests of the store in a directory.
@NullMarked
package io.redrill.storage.filesystem;

import org.jspecify.annotations.NullMarked;
