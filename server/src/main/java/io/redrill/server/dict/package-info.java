/// The hash table under databases, hashes, sets and sorted sets: [io.redrill.server.dict.Dict].
@NullMarked
package io.redrill.server.dict;

import org.jspecify.annotations.NullMarked;
