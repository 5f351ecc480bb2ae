package io.github.bootcluster.apps.grpc;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * Java agent that listens on the port that its argument begins with, as the exporter of
 * JMX metrics does.
 */
public final class PortAgent {

	private static final List<ServerSocket> sockets = new ArrayList<>();

	private PortAgent() {
	}

	public static void premain(String argument) throws IOException {
		sockets.add(new ServerSocket(Integer.parseInt(argument.replaceFirst(":.*", ""))));
	}

}
