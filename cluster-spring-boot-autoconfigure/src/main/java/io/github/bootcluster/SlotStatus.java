package io.github.bootcluster;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A slot as the master saw it at one moment.
 *
 * @param group the group of workers that it is a place of
 * @param number the slot's number, from 1 to the wanted number of workers of its group
 * @param givenUp whether the slot stays empty because its workers kept dying early
 * @param earlyDeaths how many of its workers in a row died early
 * @param lastExit how its last worker ended that has, or {@code null} if none has
 */
public record SlotStatus(String group, int number, boolean givenUp, int earlyDeaths, @Nullable LastExit lastExit) {

	/**
	 * How a worker ended, in short.
	 *
	 * @param worker the worker's id
	 * @param kind what ended it
	 * @param voluntary whether the master had asked the worker to end
	 * @param reason a short sentence
	 * @param crashReport the path of the file in which the JVM told of its crash, or
	 * {@code null}
	 * @param at when it ended
	 */
	public record LastExit(int worker, ExitKind kind, boolean voluntary, String reason, @Nullable String crashReport,
			Instant at) {

	}

}
