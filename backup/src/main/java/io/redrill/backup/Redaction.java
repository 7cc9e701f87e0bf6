package io.redrill.backup;

import java.util.regex.Pattern;

/// Keeps passwords out of what is printed, logged or stored.
///
/// Redrill takes no password in a URL. But people write them there all the same, and what is wrong
/// is shown again in an error.
public final class Redaction {

  /// From the scheme to the last `@` of the word: a password may hold any character.
  private static final Pattern USER_INFO = Pattern.compile("(://)[^\\s:]*:\\S*@");

  private Redaction() {}

  /// `text` with `***` in the place of each user and password that stands in a URL.
  public static String withoutPasswords(String text) {
    return text.contains("://") ? USER_INFO.matcher(text).replaceAll("$1***@") : text;
  }
}
