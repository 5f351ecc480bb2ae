package io.github.bootcluster.master.listen;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import io.netty.channel.unix.Buffer;
import io.netty.channel.unix.Socket;

/**
 * Has the kernel ignore the first packet of new connections to a listening socket, and
 * nothing else: who has come so far is still queued, and who comes later tries again
 * within a second and finds the socket closed. Without it, a connection that comes
 * between the last accept and the close would be reset. It is a program for the kernel's
 * classic packet filter, as in Linux' {@code linux/filter.h}.
 */
final class SynFilter {

	private static final int SOL_SOCKET = 1;

	private static final int SO_ATTACH_FILTER = 26;

	private static final short LOAD_BYTE = 0x30;

	private static final short JUMP_IF_SET = 0x45;

	private static final short RETURN = 0x06;

	/**
	 * Where a TCP header has its flags.
	 */
	private static final int FLAGS = 13;

	private static final int SYN = 0x02;

	private static final int INSTRUCTIONS = 4;

	private static final int INSTRUCTION_LENGTH = 8;

	private SynFilter() {
	}

	/**
	 * Attaches the filter for as long as the socket is there. Where the kernel does not
	 * know such filters, or keeps them for root, nothing happens.
	 */
	static void attach(Socket socket) {
		ByteBuffer program = ByteBuffer.allocateDirect(INSTRUCTIONS * INSTRUCTION_LENGTH)
			.order(ByteOrder.nativeOrder());
		add(program, LOAD_BYTE, 0, 0, FLAGS);
		add(program, JUMP_IF_SET, 0, 1, SYN);
		add(program, RETURN, 0, 0, 0);
		add(program, RETURN, 0, 0, -1);
		ByteBuffer argument = ByteBuffer.allocateDirect(2 * Long.BYTES).order(ByteOrder.nativeOrder());
		argument.putShort(0, (short) INSTRUCTIONS);
		argument.putLong(Long.BYTES, Buffer.memoryAddress(program));
		try {
			socket.setRawOpt(SOL_SOCKET, SO_ATTACH_FILTER, argument);
		}
		catch (IOException | RuntimeException ex) {
			// Netty throws either: a connection that comes at the last moment is reset
		}
		finally {
			Reference.reachabilityFence(program);
		}
	}

	private static void add(ByteBuffer program, short code, int ifTrue, int ifFalse, int value) {
		program.putShort(code).put((byte) ifTrue).put((byte) ifFalse).putInt(value);
	}

}
