/// What the command line prints: results on standard output, everything else on standard error.
@NullMarked
package io.redrill.cli.output;

import org.jspecify.annotations.NullMarked;
