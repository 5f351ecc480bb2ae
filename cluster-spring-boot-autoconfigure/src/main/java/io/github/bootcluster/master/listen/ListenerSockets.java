package io.github.bootcluster.master.listen;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;

import io.github.bootcluster.ListenerKind;
import io.github.bootcluster.distribution.ConnectionDistributor;
import io.github.bootcluster.wire.SocketLoan;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The sockets of one listener, one for all workers or one for each slot, and the
 * dispatcher of what the master accepts on them. Where workers accept themselves, the
 * sockets are lent to those that may get connections. A socket stays open as long as the
 * cluster listens on the address, also while it is lent: what is queued at a slot's
 * socket goes to the slot's next worker or, while there is none, to the dispatcher.
 * Everything happens on one event loop.
 */
final class ListenerSockets {

	private static final Log logger = LogFactory.getLog(ListenerSockets.class);

	/**
	 * Stands for all slots.
	 */
	private static final int ANY = 0;

	private final int id;

	private final ListenerKind kind;

	private final SocketAddress address;

	private final Dispatcher dispatcher;

	private final Takers takers;

	private final Opener opener;

	private final Map<Integer, Listener> sockets = new HashMap<>();

	private final List<Borrower> borrowers = new ArrayList<>();

	private boolean lacking;

	private boolean closing;

	private ListenerSockets(int id, ListenerKind kind, SocketAddress address, Dispatcher dispatcher, Takers takers,
			Opener opener) {
		this.id = id;
		this.kind = kind;
		this.address = address;
		this.dispatcher = dispatcher;
		this.takers = takers;
		this.opener = opener;
	}

	/**
	 * Begins to listen, so that a slot's connections are queued.
	 * @param wanted the address, whose port may be 0 for any
	 */
	static ListenerSockets open(int id, ListenerKind kind, int slot, SocketAddress wanted,
			ConnectionDistributor distributor, IntPredicate admitted, Dispatcher.Observer observer, Opener opener)
			throws IOException {
		Takers takers = new Takers(admitted);
		Dispatcher dispatcher = new Dispatcher(distributor, takers, observer);
		Listener first = opener.open(wanted,
				(kind == ListenerKind.REUSE_PORT) ? AddressUse.FIRST_OF_SEVERAL : AddressUse.ALONE, dispatcher);
		ListenerSockets sockets = new ListenerSockets(id, kind, first.address(), dispatcher, takers, opener);
		sockets.sockets.put(sockets.key(slot), first);
		return sockets;
	}

	int id() {
		return this.id;
	}

	SocketAddress address() {
		return this.address;
	}

	Dispatcher dispatcher() {
		return this.dispatcher;
	}

	/**
	 * Tells whether connections come to workers with what was read from them.
	 */
	boolean isEnveloped() {
		return this.sockets.values().stream().anyMatch(Listener::isEnveloped);
	}

	private int key(int slot) {
		return (this.kind == ListenerKind.REUSE_PORT) ? slot : ANY;
	}

	SocketLoan.Listener lender(int worker, int slot) {
		return new SocketLoan.Listener() {

			@Override
			public void asked(SocketLoan loan) {
				ListenerSockets.this.borrowers.stream()
					.filter((earlier) -> earlier.worker() == worker)
					.toList()
					.forEach((earlier) -> earlier.loan().close());
				ListenerSockets.this.borrowers.add(new Borrower(loan, worker, slot));
				refresh();
			}

			@Override
			public void changed(SocketLoan loan) {
				if (loan.isAccepting() || ListenerSockets.this.closing) {
					ListenerSockets.this.takers.pausing.remove(worker);
				}
				else {
					ListenerSockets.this.takers.pausing.add(worker);
				}
				refresh();
			}

			@Override
			public void ended(SocketLoan loan) {
				ListenerSockets.this.takers.pausing.remove(worker);
				ListenerSockets.this.borrowers.removeIf((borrower) -> borrower.loan() == loan);
				ListenerSockets.this.sockets.values().forEach((socket) -> socket.returned(loan));
			}

		};
	}

	/**
	 * Looks again at who may have connections: sockets are lent to them, and taken back
	 * from others.
	 */
	void refresh() {
		this.dispatcher.refresh();
		for (Borrower borrower : List.copyOf(this.borrowers)) {
			if (!this.takers.admitted.test(borrower.worker())) {
				if (borrower.loan().isLent()) {
					borrower.loan().close();
				}
			}
			else if (!borrower.loan().isLent()) {
				lend(borrower);
			}
		}
		adjust();
	}

	private void lend(Borrower borrower) {
		try {
			socket(borrower.slot()).lend(borrower.loan());
			this.lacking = false;
		}
		catch (IOException ex) {
			if (!this.lacking) {
				logger.warn("Cannot open a listening socket on %s for slot %d, which gets no connections for now: %s"
					.formatted(this.address, borrower.slot(), ex.getMessage()));
			}
			this.lacking = true;
			// The worker will ask again
			borrower.loan().close();
		}
	}

	private Listener socket(int slot) throws IOException {
		Listener socket = this.sockets.get(key(slot));
		if (socket == null) {
			socket = this.opener.open(this.address, AddressUse.ONE_MORE, this.dispatcher);
			this.sockets.put(slot, socket);
		}
		return socket;
	}

	/**
	 * Lets the master accept where no worker does.
	 */
	void adjust() {
		this.sockets.values().forEach(Listener::adjust);
	}

	/**
	 * Takes slots' sockets back from workers that have not answered for too long while
	 * others could take their connections, and asks the rest whether they do. On the
	 * socket of all, the others take what one leaves.
	 */
	void recallOverdue(long now, long limitMillis) {
		if (this.kind != ListenerKind.REUSE_PORT) {
			return;
		}
		for (Borrower borrower : List.copyOf(this.borrowers)) {
			long silentMillis = TimeUnit.NANOSECONDS.toMillis(borrower.loan().silence(now));
			if (silentMillis > limitMillis && this.dispatcher.hasOther(borrower.worker())) {
				logger.warn("Worker %d (slot %d) has not answered for %d ms: others get its slot's connections"
					.formatted(borrower.worker(), borrower.slot(), silentMillis));
				borrower.loan().close();
				this.dispatcher.release(borrower.worker());
			}
		}
		this.sockets.values().forEach(Listener::probe);
	}

	/**
	 * Takes a worker's sockets back, whose application has closed its server.
	 */
	void release(int worker) {
		for (Borrower borrower : List.copyOf(this.borrowers)) {
			if (borrower.worker() == worker) {
				borrower.loan().close();
			}
		}
		this.dispatcher.release(worker);
	}

	boolean wasServed() {
		return this.dispatcher.wasServed();
	}

	/**
	 * Lets workers that leave take what is queued, as nobody else wants it.
	 */
	void leaveToAnyWorker() {
		this.takers.any = true;
	}

	/**
	 * Takes all sockets back, so that what is queued is handed over. Nobody else shall
	 * come.
	 */
	void beginToClose() {
		this.closing = true;
		List.copyOf(this.borrowers).forEach((borrower) -> borrower.loan().close());
		// Those that paused as well: nobody else will take what is left
		this.takers.pausing.clear();
		this.dispatcher.refresh();
		this.sockets.values().forEach(Listener::keepOthersAway);
		adjust();
	}

	/**
	 * Closes those sockets at which nobody is queued any more.
	 */
	boolean closeEmpty() {
		this.sockets.values().forEach(Listener::closeIfEmpty);
		return this.sockets.values().stream().allMatch(Listener::isFinished) && this.dispatcher.held() == 0;
	}

	/**
	 * Tells whether a worker may take what is queued.
	 */
	boolean hasTaker() {
		return this.dispatcher.hasTaker();
	}

	/**
	 * Hands out what is queued, for as far as workers can take it at once, then listens
	 * no more.
	 */
	void close() {
		beginToClose();
		this.sockets.values().forEach(Listener::close);
	}

	/**
	 * Opens one of the sockets.
	 */
	@FunctionalInterface
	interface Opener {

		Listener open(SocketAddress address, AddressUse use, Dispatcher dispatcher) throws IOException;

	}

	/**
	 * Workers that may take connections of one listener.
	 */
	private static final class Takers implements IntPredicate {

		private final IntPredicate admitted;

		/**
		 * Workers that want nothing for now.
		 */
		private final Set<Integer> pausing = new HashSet<>();

		/**
		 * Whether those may take connections that leave.
		 */
		private boolean any;

		private Takers(IntPredicate admitted) {
			this.admitted = admitted;
		}

		@Override
		public boolean test(int worker) {
			return this.any || (this.admitted.test(worker) && !this.pausing.contains(worker));
		}

	}

	private record Borrower(SocketLoan loan, int worker, int slot) {

	}

}
