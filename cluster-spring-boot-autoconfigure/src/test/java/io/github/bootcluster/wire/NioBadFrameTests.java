package io.github.bootcluster.wire;

/**
 * The same promises where the native transport cannot be loaded.
 */
class NioBadFrameTests extends BadFrameTests {

	@Override
	Transport transport() {
		return Transport.NIO;
	}

}
