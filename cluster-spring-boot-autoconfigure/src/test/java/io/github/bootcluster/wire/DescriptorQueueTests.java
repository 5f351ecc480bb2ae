package io.github.bootcluster.wire;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class DescriptorQueueTests {

	private final DescriptorQueue queue = new DescriptorQueue();

	@Test
	void firstInIsFirstOut() {
		add(0, 100);
		for (int i = 0; i < 100; i++) {
			assertThat(this.queue.peek()).isEqualTo(i);
			assertThat(this.queue.remove()).isEqualTo(i);
		}
		assertThat(this.queue.isEmpty()).isTrue();
	}

	@Test
	void orderIsKeptWhenItGrowsWithItsHeadInTheMiddle() {
		add(0, 16);
		for (int i = 0; i < 10; i++) {
			this.queue.remove();
		}
		add(16, 50);
		assertThat(this.queue.size()).isEqualTo(40);
		for (int i = 10; i < 50; i++) {
			assertThat(this.queue.remove()).isEqualTo(i);
		}
	}

	@Test
	void allMoveInTheirOrderBehindThoseThatAreThere() {
		DescriptorQueue other = new DescriptorQueue();
		other.add(7);
		add(8, 40);
		this.queue.moveTo(other);
		assertThat(this.queue.isEmpty()).isTrue();
		for (int i = 7; i < 40; i++) {
			assertThat(other.remove()).isEqualTo(i);
		}
	}

	@Test
	void nothingComesOutOfAnEmptyQueue() {
		assertThatIllegalStateException().isThrownBy(this.queue::peek);
		assertThatIllegalStateException().isThrownBy(this.queue::remove);
	}

	@Test
	void oldestAreClosed() {
		int first = Descriptors.open();
		int second = Descriptors.open();
		String firstTarget = Descriptors.target(first);
		String secondTarget = Descriptors.target(second);
		this.queue.add(first);
		this.queue.add(second);
		this.queue.close(1);
		assertThat(Descriptors.copies(firstTarget)).isZero();
		assertThat(Descriptors.copies(secondTarget)).isOne();
		this.queue.close(1);
		assertThat(Descriptors.copies(secondTarget)).isZero();
	}

	private void add(int from, int to) {
		for (int i = from; i < to; i++) {
			this.queue.add(i);
		}
	}

}
