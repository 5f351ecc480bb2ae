package io.github.bootcluster.sample;

import java.util.List;

/**
 * The account of one promise under fault, as one line that people can copy. A connection
 * that is refused is told apart from what is lost: where nobody is to listen, it is no
 * loss.
 *
 * @param promise the promise
 * @param trials how often it was put to the test
 * @param report what became of all connections and requests meanwhile
 */
record FaultLine(String promise, int trials, LoadReport report) {

	/**
	 * Writes the account of a promise to the output of the tests.
	 * @param promise the promise
	 * @param trials how often it was put to the test
	 * @param reports what became of all connections and requests meanwhile, by client
	 * @return the sum of the reports
	 */
	static LoadReport print(String promise, int trials, List<LoadReport> reports) {
		FaultLine line = new FaultLine(promise, trials, LoadReport.sum(reports));
		System.out.println(line);
		return line.report();
	}

	@Override
	public String toString() {
		long refused = this.report.count(Outcome.CONNECT_REFUSED);
		return "FAULT %s: %d trial%s, %d connections %s, %d requests %s, %d refused, %d lost, slowest %d ms".formatted(
				this.promise, this.trials, (this.trials == 1) ? "" : "s", this.report.connections(),
				this.report.connectionEnds(), this.report.total(), this.report.outcomes(), refused,
				this.report.lost() - refused, this.report.slowest().toMillis());
	}

}
