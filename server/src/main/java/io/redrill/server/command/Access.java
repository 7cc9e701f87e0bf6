package io.redrill.server.command;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// Who may run commands: the default user, with the password if there is one.
public final class Access {

  private byte[] password;

  /// Asks for `password`, or for none if it is empty.
  public Access(String password) {
    this.password = password.getBytes(StandardCharsets.UTF_8);
  }

  /// Whether a password is asked for.
  public boolean isRequired() {
    return password.length > 0;
  }

  /// The password, for `CONFIG GET requirepass`.
  public String password() {
    return new String(password, StandardCharsets.UTF_8);
  }

  /// Asks for another password from now on.
  public void password(String next) {
    password = next.getBytes(StandardCharsets.UTF_8);
  }

  /// Whether this is the default user with the right password.
  boolean admits(byte[] user, byte[] given) {
    boolean known = MessageDigest.isEqual(user, Call.bytes("default"));
    return known && (password.length == 0 || MessageDigest.isEqual(password, given));
  }
}
