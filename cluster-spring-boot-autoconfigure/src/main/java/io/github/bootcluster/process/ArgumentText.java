package io.github.bootcluster.process;

import java.util.ArrayList;
import java.util.List;

/**
 * Arguments written as one text, as people write them: separated by white space, or by
 * commas before the next option, so that a comma in a value stays what it is. Where there
 * is white space, quotes of both kinds and the backslash protect it, as in a shell.
 */
public final class ArgumentText {

	private final String text;

	private final boolean spaced;

	private final List<String> words = new ArrayList<>();

	private final StringBuilder word = new StringBuilder();

	private boolean begun;

	private char quote;

	private ArgumentText(String text) {
		this.text = text.strip();
		this.spaced = this.text.chars().anyMatch(Character::isWhitespace);
	}

	/**
	 * Takes a text apart.
	 * @throws IllegalArgumentException if a quote is not closed
	 */
	public static List<String> split(String text) {
		ArgumentText parser = new ArgumentText(text);
		parser.parse();
		return List.copyOf(parser.words);
	}

	/**
	 * Finds what is no JVM argument.
	 * @return the first one that is neither an option nor the separate value of one, or
	 * an empty string if there is none
	 */
	public static String firstThatIsNoOption(List<String> arguments) {
		boolean valueExpected = false;
		for (String argument : arguments) {
			if (!valueExpected && !argument.startsWith("-")) {
				return argument.isEmpty() ? " " : argument;
			}
			valueExpected = !valueExpected && CommandLineParser.isFollowedByValue(argument);
		}
		return "";
	}

	private void parse() {
		for (int i = 0; i < this.text.length(); i++) {
			char character = this.text.charAt(i);
			if (this.spaced && character == '\\' && isProtected(i + 1)) {
				i++;
				append(this.text.charAt(i));
			}
			else if (this.quote != 0) {
				quoted(character);
			}
			else if ((character == '"' || character == '\'') && (this.spaced || !this.begun)) {
				this.quote = character;
				this.begun = true;
			}
			else if (Character.isWhitespace(character) || (character == ',' && isSeparator(i))) {
				end();
			}
			else {
				append(character);
			}
		}
		if (this.quote != 0) {
			throw new IllegalArgumentException("a quote is not closed");
		}
		end();
	}

	private void quoted(char character) {
		if (character == this.quote) {
			this.quote = 0;
		}
		else {
			append(character);
		}
	}

	private boolean isProtected(int index) {
		if (index >= this.text.length() || this.quote == '\'') {
			return false;
		}
		char character = this.text.charAt(index);
		return character == '"' || character == '\\'
				|| (this.quote == 0 && (character == '\'' || character == ',' || Character.isWhitespace(character)));
	}

	private boolean isSeparator(int comma) {
		String rest = this.text.substring(comma + 1).stripLeading();
		return rest.isEmpty() || rest.startsWith("-") || rest.startsWith("\"-") || rest.startsWith("'-")
				|| this.word.isEmpty() || this.word.charAt(0) != '-'
				|| CommandLineParser.isFollowedByValue(this.word.toString());
	}

	private void append(char character) {
		this.word.append(character);
		this.begun = true;
	}

	private void end() {
		if (this.begun) {
			this.words.add(this.word.toString());
		}
		this.word.setLength(0);
		this.begun = false;
	}

}
