/// What keys hold: one class per kind of value, each hiding how it lies in memory.
///
/// Small collections are kept as the packed bytes that RDB stores, large ones as hash tables or
/// chunks; a value changes its form by itself, at the limits in
/// [io.redrill.server.type.EncodingLimits]. Nothing here knows of commands, keys or expiry.
@NullMarked
package io.redrill.server.type;

import org.jspecify.annotations.NullMarked;
