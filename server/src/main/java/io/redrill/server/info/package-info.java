/// What the server tells about itself: the command `INFO` and its text.
@NullMarked
package io.redrill.server.info;

import org.jspecify.annotations.NullMarked;
