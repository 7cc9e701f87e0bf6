package io.redrill.scheduler.job;

/// The identity of a job: at most one run of it goes on at any time.
///
/// @param source the name of the source in the configuration
/// @param kind what is done to it
public record JobName(String source, JobKind kind) {

  @Override
  public String toString() {
    return kind.label() + " of " + source;
  }
}
