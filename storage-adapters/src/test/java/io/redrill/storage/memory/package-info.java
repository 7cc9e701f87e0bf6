/// Tests of the store in memory.
@NullMarked
package io.redrill.storage.memory;

import org.jspecify.annotations.NullMarked;
