package io.redrill.server.config;

/// The versions that the server tells its clients.
public final class ServerVersion {

  /// The release of Redis whose behaviour this server has; clients switch features on it. Files are
  /// written so that this release can load them.
  public static final String REDIS = "7.0.15";

  /// Our own.
  public static final String REDRILL = "0.1.0";

  private ServerVersion() {}
}
