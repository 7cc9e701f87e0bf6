package io.redrill.console.page;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// HTML as a tree. Text and attribute values are escaped when the tree is written, and there is no
/// way to put in text that is not: what a source or a store sends cannot become markup.
sealed interface Html {

  /// Writes this node.
  void write(StringBuilder out);

  /// A node of this name, holding the children.
  static Element tag(String name, Html... children) {
    return new Element(name, Map.of(), List.of(children));
  }

  /// A node of this name, holding the children.
  static Element tag(String name, List<? extends Html> children) {
    return new Element(name, Map.of(), List.copyOf(children));
  }

  /// A node of this name, holding a text.
  static Element tag(String name, String text) {
    return tag(name, text(text));
  }

  /// A text.
  static Html text(String text) {
    return new Text(text);
  }

  /// Nothing at all.
  static Html nothing() {
    return new Text("");
  }

  /// Plain text.
  record Text(String text) implements Html {

    @Override
    public void write(StringBuilder out) {
      escape(text, out);
    }
  }

  /// An element with its attributes and children.
  record Element(String name, Map<String, String> attributes, List<Html> children) implements Html {

    /// The elements that HTML never closes.
    private static final List<String> VOID = List.of("meta", "link", "br");

    /// Keeps its own copies.
    public Element {
      children = List.copyOf(children);
    }

    /// This element with one more attribute.
    Element with(String attribute, String value) {
      Map<String, String> more = new LinkedHashMap<>(attributes);
      more.put(attribute, value);
      return new Element(name, more, children);
    }

    @Override
    public void write(StringBuilder out) {
      out.append('<').append(name);
      attributes.forEach((attribute, value) -> {
        out.append(' ').append(attribute).append("=\"");
        escape(value, out);
        out.append('"');
      });
      out.append('>');
      children.forEach(child -> child.write(out));
      if (!VOID.contains(name)) {
        out.append("</").append(name).append('>');
      }
    }
  }

  private static void escape(String text, StringBuilder out) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '&' -> out.append("&amp;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c < ' ' && c != '\n' && c != '\t' ? '\ufffd' : c);
      }
    }
  }
}
