/// A store that lives and dies with the process: [MemoryStore].
@NullMarked
package io.redrill.storage.memory;

import org.jspecify.annotations.NullMarked;
