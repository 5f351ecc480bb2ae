package io.github.bootcluster.process;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Takes whole lines of a worker.
 */
interface LineSink {

	/**
	 * Writes lines with as few calls as there can be, so that those of two workers do not
	 * mix. What cannot be written is lost.
	 * @param bytes holds the lines, each with its end
	 * @param length how many bytes they take from the first on
	 */
	void write(byte[] bytes, int length);

	/**
	 * Takes note that nothing more comes.
	 */
	default void close() throws IOException {
	}

	static LineSink console(OutputStream console) {
		if (console instanceof ConsoleBuffer buffer) {
			return buffer::writePatiently;
		}
		return (bytes, length) -> {
			try {
				console.write(bytes, 0, length);
				console.flush();
			}
			catch (IOException ex) {
				// The console is gone, and what was written to it with it
			}
		};
	}

	static LineSink nowhere() {
		return (bytes, length) -> {
		};
	}

}
