package io.redrill.scheduler.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The figures of a run as one JSON object of numbers, the form in which they are stored.
final class RunNumbers {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Long>> FIGURES = new TypeReference<>() {};

  private RunNumbers() {}

  static String encode(Map<String, Long> numbers) {
    try {
      return JSON.writeValueAsString(new TreeMap<>(numbers));
    } catch (JsonProcessingException e) {
      throw HistoryDatabase.failure(e);
    }
  }

  /// No figures stand in the row of a run that was cut short.
  static Map<String, Long> decode(@Nullable String json) {
    if (json == null) {
      return Map.of();
    }
    try {
      return JSON.readValue(json, FIGURES);
    } catch (JsonProcessingException e) {
      throw HistoryDatabase.failure(e);
    }
  }
}
