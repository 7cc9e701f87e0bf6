/// When jobs run, and how they ended.
@NullMarked
package io.redrill.scheduler;

import org.jspecify.annotations.NullMarked;
