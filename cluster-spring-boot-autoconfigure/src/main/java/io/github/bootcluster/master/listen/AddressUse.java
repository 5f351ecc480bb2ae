package io.github.bootcluster.master.listen;

import java.io.IOException;
import java.net.SocketAddress;

import io.netty.channel.unix.Socket;

/**
 * Which other listening sockets there may be on an address.
 */
enum AddressUse {

	/**
	 * None.
	 */
	ALONE {

		@Override
		void bind(Socket socket, SocketAddress address) throws IOException {
			socket.bind(address);
		}

	},

	/**
	 * None yet, but others will follow. If the socket were ready for them before it is
	 * bound, an address that another cluster of the same account listens on would seem to
	 * be free.
	 */
	FIRST_OF_SEVERAL {

		@Override
		void bind(Socket socket, SocketAddress address) throws IOException {
			socket.bind(address);
			socket.setReusePort(true);
		}

	},

	/**
	 * Those of this cluster. The kernel spreads the connections over them.
	 */
	ONE_MORE {

		@Override
		void bind(Socket socket, SocketAddress address) throws IOException {
			socket.setReusePort(true);
			socket.bind(address);
		}

	};

	abstract void bind(Socket socket, SocketAddress address) throws IOException;

}
