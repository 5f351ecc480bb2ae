package io.github.bootcluster.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads and writes an argument file of the JDK's launcher: arguments are separated by
 * white space, {@code #} begins a comment, and a backslash escapes, or continues the
 * line, between quotes only.
 */
final class ArgumentFile {

	private final String text;

	private int position;

	private ArgumentFile(String text) {
		this.text = text;
	}

	static List<String> read(String file) {
		try {
			return parse(new String(Files.readAllBytes(Path.of(file)), NativeCharset.get()));
		}
		catch (IOException ex) {
			throw new JvmCommandException("its argument file '" + file + "' cannot be read", ex);
		}
	}

	static List<String> parse(String text) {
		ArgumentFile file = new ArgumentFile(text);
		List<String> arguments = new ArrayList<>();
		file.skipToArgument();
		while (file.hasMore()) {
			arguments.add(file.argument());
			file.skipToArgument();
		}
		return arguments;
	}

	/**
	 * Writes arguments as {@link #parse(String)} and the launcher read them.
	 */
	static String format(List<String> arguments) {
		StringBuilder text = new StringBuilder();
		for (String argument : arguments) {
			text.append('"')
				.append(argument.replace("\\", "\\\\")
					.replace("\"", "\\\"")
					.replace("\n", "\\n")
					.replace("\r", "\\r")
					.replace("\t", "\\t")
					.replace("\f", "\\f"))
				.append("\"\n");
		}
		return text.toString();
	}

	private String argument() {
		StringBuilder argument = new StringBuilder();
		while (hasMore() && !isWhitespace(peek()) && peek() != '#') {
			char next = next();
			if (next == '"' || next == '\'') {
				quoted(next, argument);
			}
			else {
				argument.append(next);
			}
		}
		return argument.toString();
	}

	private void quoted(char quote, StringBuilder argument) {
		// A quote that is never closed ends with its line, as for the launcher
		while (hasMore() && !isEndOfLine(peek())) {
			char next = next();
			if (next == quote) {
				return;
			}
			if (next == '\\' && hasMore()) {
				escaped(argument);
			}
			else {
				argument.append(next);
			}
		}
	}

	private void escaped(StringBuilder argument) {
		char next = next();
		switch (next) {
			case '\n', '\r' -> skipWhitespace();
			case 'n' -> argument.append('\n');
			case 'r' -> argument.append('\r');
			case 't' -> argument.append('\t');
			case 'f' -> argument.append('\f');
			default -> argument.append(next);
		}
	}

	private void skipToArgument() {
		skipWhitespace();
		while (hasMore() && peek() == '#') {
			while (hasMore() && !isEndOfLine(peek())) {
				next();
			}
			skipWhitespace();
		}
	}

	private void skipWhitespace() {
		while (hasMore() && isWhitespace(peek())) {
			next();
		}
	}

	private boolean hasMore() {
		return this.position < this.text.length();
	}

	private char peek() {
		return this.text.charAt(this.position);
	}

	private char next() {
		return this.text.charAt(this.position++);
	}

	private static boolean isEndOfLine(char c) {
		return c == '\n' || c == '\r';
	}

	private static boolean isWhitespace(char c) {
		return isEndOfLine(c) || c == ' ' || c == '\t' || c == '\f';
	}

}
