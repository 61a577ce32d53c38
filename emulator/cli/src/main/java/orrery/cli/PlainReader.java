package orrery.cli;

import java.util.List;

/**
 * Reads the arguments of a command in their plain forms: {@code --flag}, {@code --option value} and
 * {@code --option=value}. Help, complaints and all other forms are left to picocli, whose start
 * alone takes longer than this whole class and the command's own preparations.
 */
final class PlainReader {
  private static final String END_OF_OPTIONS = "--";
  private static final String FLAG_IS_SET = "true";

  private PlainReader() {}

  /**
   * Reads what follows the command's name.
   *
   * @param arguments the command line
   * @param from where the command's arguments begin
   * @return what picocli would return, or null if the arguments are for picocli
   */
  static Arguments read(Command command, String[] arguments, int from) {
    for (int i = from; i < arguments.length; i++) {
      if (arguments[i].startsWith("@")) {
        return null; // to picocli the name of a file with arguments
      }
    }
    Arguments read = new Arguments();
    int at = from;
    while (at < arguments.length && arguments[at].startsWith("-")) {
      String word = arguments[at++];
      if (word.equals(END_OF_OPTIONS)) {
        break;
      }
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      Option option = find(command.options(), name);
      if (option == null
          || option.fallback() != null
          || option.isFlag() && equals >= 0
          || !option.repeatable() && read.has(option.name())) {
        return null;
      }
      String value = FLAG_IS_SET;
      if (!option.isFlag()) {
        if (equals < 0 && at == arguments.length) {
          return null;
        }
        value = equals < 0 ? arguments[at++] : word.substring(equals + 1);
        if (value.isEmpty() || value.startsWith("-")) {
          return null;
        }
      }
      read.add(option.name(), value);
    }
    return words(command, arguments, at, read);
  }

  private static Arguments words(Command command, String[] arguments, int from, Arguments read) {
    if (from < arguments.length && !command.takesWords()) {
      return null;
    }
    for (int i = from; i < arguments.length; i++) {
      read.addWord(arguments[i]);
    }
    return read;
  }

  private static Option find(List<Option> options, String name) {
    for (Option option : options) {
      if (name.equals(option.name()) || name.equals(option.letter())) {
        return option;
      }
    }
    return null;
  }
}
