/// One class per command. A command parses its arguments, calls the modules below, and prints what
/// came of it; it decides nothing that another program could want to reuse.
@NullMarked
package io.redrill.cli.command;

import org.jspecify.annotations.NullMarked;
