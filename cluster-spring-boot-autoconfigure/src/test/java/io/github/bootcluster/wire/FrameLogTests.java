package io.github.bootcluster.wire;

import java.util.Map;

import io.github.bootcluster.ListenerKind;
import io.github.bootcluster.message.ClusterMessage;
import io.github.bootcluster.message.MessageTarget;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FrameLogTests {

	@Test
	void whatMayBeSecretStaysOut() {
		assertThat(FrameLog.describe(new Frame.Welcome(ListenerKind.HANDOFF, "secret"))).doesNotContain("secret");
		assertThat(FrameLog.describe(new Frame.Request(7, new Operation.Fork(Map.of("TOKEN", "secret")))))
			.isEqualTo("Request[number=7, operation=Fork[TOKEN]]");
		assertThat(FrameLog.describe(new Frame.Send(8, MessageTarget.master(), false, "name", "secret")))
			.isEqualTo("Send[number=8, ...]");
		assertThat(FrameLog.describe(new Frame.Deliver(9, new ClusterMessage("name", "secret", 0, 0, false))))
			.isEqualTo("Deliver[number=9, ...]");
		assertThat(FrameLog.describe(new Frame.Handled(9, "secret"))).isEqualTo("Handled[number=9, ...]");
	}

	@Test
	void othersAreTold() {
		assertThat(FrameLog.describe(new Frame.Request(7, new Operation.Kill(2, "TERM"))))
			.isEqualTo("Request[number=7, operation=Kill[worker=2, signal=TERM]]");
	}

}
