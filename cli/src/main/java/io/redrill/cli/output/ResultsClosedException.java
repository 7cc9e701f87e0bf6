package io.redrill.cli.output;

import java.io.IOException;

/// Whoever read the results has closed them: `| head` has what it wants.
///
/// Unchecked, and for no command to catch: what it had begun and not put in its place is undone as
/// after any failure, and the command line ends it, with a status and without a word, in one place
/// for all.
public final class ResultsClosedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  ResultsClosedException(IOException cause) {
    super("standard output was closed", cause);
  }
}
