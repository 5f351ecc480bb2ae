package io.github.bootcluster.process;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on what each worker gets of the host.
 */
class ResourceDivisionTests {

	private static final long GIB = 1L << 30;

	private static final HostResources TWO_CORES = new HostResources(2, 24 * GIB, 6 * GIB);

	private static final long OF_MASTER = 64L << 20;

	@ParameterizedTest
	@CsvSource({ "2,2,1", "2,4,1", "4,2,2", "8,3,3", "1,4,1", "64,8,8" })
	void processorsAreDividedAndRoundedUp(int processors, int workers, int part) {
		WorkerShare share = division(List.of()).share(new HostResources(processors, GIB, GIB), workers);
		assertThat(share.eventLoops()).isEqualTo(part);
		if (part < processors) {
			assertThat(share.processors()).isEqualTo(part);
			assertThat(share.toJvmArguments()).contains("-XX:ActiveProcessorCount=" + part,
					"-Dreactor.netty.ioWorkerCount=" + part);
		}
	}

	@Test
	void workerThatHasAllProcessorsIsNotTold() {
		WorkerShare share = division(List.of()).share(TWO_CORES, 1);
		assertThat(share.processors()).isZero();
		assertThat(share.eventLoops()).isEqualTo(2);
		assertThat(share.toJvmArguments()).containsExactly("-Dreactor.netty.ioWorkerCount=2", "-Xmx6144m");
	}

	@ParameterizedTest
	@CsvSource({ "1,1", "2,1", "4,1", "4,0", "16,2" })
	void heapsOfAllAndOfTheMasterStayBelowThreeQuartersOfTheMemory(int workers, int surge) {
		long maxHeap = division(List.of(), List.of(), surge).share(TWO_CORES, workers).maxHeap();
		assertThat(maxHeap * (workers + surge) + OF_MASTER).isLessThanOrEqualTo(18 * GIB);
		assertThat(maxHeap).as("what one process alone would have").isLessThanOrEqualTo(6 * GIB);
		assertThat(maxHeap).isGreaterThan(GIB / 2);
	}

	@Test
	void percentageIsThatOfTheWholeCluster() {
		ResourceDivision division = division(List.of("-XX:MaxRAMPercentage=50"));
		assertThat(division.percentage()).isEqualTo(OptionalDouble.of(50));
		long maxHeap = division.share(new HostResources(2, 24 * GIB, 12 * GIB), 3).maxHeap();
		assertThat(maxHeap).isEqualTo((12 * GIB - OF_MASTER) / 4);
	}

	@Test
	void percentageThatWorkersAloneHaveIsThatOfEach() {
		List<String> own = List.of("-XX:MaxRAMPercentage=20");
		ResourceDivision division = division(own, own, 1);
		assertThat(division.percentage()).isEmpty();
		assertThat(division.share(TWO_CORES, 3).maxHeap()).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "-Xmx1g", "-XX:MaxHeapSize=1g", "-XX:MaxRAM=2g", "-XX:MaxRAMFraction=2" })
	void limitOfAHeapStaysAsItIs(String option) {
		WorkerShare share = division(List.of(option, "-XX:MaxRAMPercentage=50")).share(TWO_CORES, 2);
		assertThat(share).isEqualTo(new WorkerShare(1, 1, 0));
	}

	@Test
	void eachOptionStaysByItself() {
		assertThat(division(List.of("-XX:ActiveProcessorCount=4")).share(TWO_CORES, 2).processors()).isZero();
		assertThat(division(List.of("-XX:ActiveProcessorCount=4")).share(TWO_CORES, 2).eventLoops()).isOne();
		assertThat(division(List.of("-Dreactor.netty.ioWorkerCount=3")).share(TWO_CORES, 2).eventLoops()).isZero();
		assertThat(division(List.of("-Dreactor.netty.ioWorkerCount=3")).share(TWO_CORES, 2).processors()).isOne();
	}

	@ParameterizedTest
	@ValueSource(strings = { "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS" })
	void optionOfAVariableStaysAsItIs(String variable) {
		ResourceDivision division = ResourceDivision.among(command(List.of()),
				Map.of(variable, "-Da=b -Xmx512m -XX:ActiveProcessorCount=2"), List.of(), 1);
		assertThat(division.share(TWO_CORES, 2)).isEqualTo(new WorkerShare(0, 1, 0));
	}

	@Test
	void shareIsPutIntoWords() {
		assertThat(new WorkerShare(1, 1, 768L << 20).describe())
			.isEqualTo("1 processor, 1 event loop and a heap of at most 768 MB");
		assertThat(new WorkerShare(0, 2, 0).describe()).isEqualTo("2 event loops");
		assertThat(new WorkerShare(0, 0, 0).describe()).isEmpty();
		assertThat(new WorkerShare(0, 0, 0).toJvmArguments()).isEmpty();
	}

	@Test
	void hostIsThisOne() {
		HostResources host = HostResources.ofThisProcess();
		assertThat(host.processors()).isEqualTo(Runtime.getRuntime().availableProcessors());
		assertThat(host.maxHeap()).isGreaterThanOrEqualTo(Runtime.getRuntime().maxMemory());
		assertThat(host.memory()).isGreaterThan(host.maxHeap() / 2);
	}

	private static ResourceDivision division(List<String> options) {
		return division(options, List.of(), 1);
	}

	private static ResourceDivision division(List<String> options, List<String> workersOwn, int surge) {
		return ResourceDivision.among(command(options), Map.of(), workersOwn, surge);
	}

	private static JvmCommand command(List<String> options) {
		return new JvmCommand("java", options, List.of("-jar", "app.jar"), List.of());
	}

}
