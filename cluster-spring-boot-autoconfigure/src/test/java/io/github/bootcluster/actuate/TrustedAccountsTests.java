package io.github.bootcluster.actuate;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;

class TrustedAccountsTests {

	private static final SocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), 40000);

	@ParameterizedTest
	@CsvSource({ "0,1000", "1000,1000", "0,", "0,0" })
	void rootAndTheOwnAccountAreTheMachineItself(int asking, @Nullable Integer own) {
		assertThat(objection(asking, own)).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "33,1000", "33,0", "1000,", "-2,0" })
	void anyOtherAccountIsNot(int asking, @Nullable Integer own) {
		assertThat(objection(asking, own)).contains("account");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			33 | 1000 | 'www-data' (uid 33)
			34 | 1000 | with uid 34
			-2 | 0 | with uid 4294967294
			""")
	void theAccountThatAskedIsNamed(int asking, Integer own, String name) {
		assertThat(objection(asking, own)).contains(name);
	}

	@ParameterizedTest
	@CsvSource({ ",1000", ",0" })
	void anUnknownAccountIsNotTrusted(@Nullable Integer asking, Integer own) {
		assertThat(objection(asking, own)).contains("cannot be found out");
	}

	private static @Nullable String objection(@Nullable Integer asking, @Nullable Integer own) {
		SocketOwners owners = new SocketOwners(Path.of("/nonexistent"), null) {

			@Override
			@Nullable Integer find(@Nullable SocketAddress peer, @Nullable SocketAddress local) {
				return asking;
			}

		};
		return new TrustedAccounts(own, (user) -> (user == 33) ? "www-data" : null, owners)
			.findObjection(new ReceivedRequest(LOOPBACK, LOOPBACK, LOOPBACK, "/", new HttpHeaders()));
	}

}
