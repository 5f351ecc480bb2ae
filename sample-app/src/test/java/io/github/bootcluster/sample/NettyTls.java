package io.github.bootcluster.sample;

import javax.net.ssl.SSLContext;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;

/**
 * Makes the JDK's TLS fit for clients that are built of Netty.
 */
final class NettyTls {

	private NettyTls() {
	}

	/**
	 * Returns a client's context.
	 * @param ssl the context that trusts the server
	 * @param protocols the application protocols to offer, none to offer none
	 * @return the context
	 */
	static SslContext of(SSLContext ssl, String... protocols) {
		ApplicationProtocolConfig offered = (protocols.length == 0) ? ApplicationProtocolConfig.DISABLED
				: new ApplicationProtocolConfig(Protocol.ALPN, SelectorFailureBehavior.NO_ADVERTISE,
						SelectedListenerFailureBehavior.ACCEPT, protocols);
		return new JdkSslContext(ssl, true, null, IdentityCipherSuiteFilter.INSTANCE, offered, ClientAuth.NONE, null,
				false);
	}

}
