/// What is shown to programs: the status as JSON, whose fields are only ever added to.
@NullMarked
package io.redrill.console.api;

import org.jspecify.annotations.NullMarked;
