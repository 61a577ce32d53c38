package orrery.kernel.proc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import orrery.kernel.abi.Errno;
import orrery.kernel.fs.Inode;
import orrery.kernel.fs.OpenFile;
import orrery.kernel.memory.IoBuffer;
import orrery.kernel.wait.Caller;

/** An open file of text: a snapshot made at the first read, and again when read from its start. */
final class TextFile extends OpenFile {
  private static final int MAX_SETTING = 4096;

  private final Content content;
  private final Setting setting;
  private byte[] text;

  TextFile(Inode node, int flags, Content content, Setting setting) {
    super(node, flags);
    this.content = content;
    this.setting = setting;
  }

  @Override
  public long read(Caller c, IoBuffer to) {
    return readOn(c, to);
  }

  @Override
  public long readAt(Caller c, IoBuffer to, long offset) {
    if (text == null || offset == 0) {
      StringBuilder out = new StringBuilder();
      content.write(c, out);
      text = out.toString().getBytes(ISO_8859_1);
    }
    if (offset >= text.length) {
      return 0;
    }
    int n = (int) Math.min(to.remaining(), text.length - offset);
    to.put(text, (int) offset, n);
    return n;
  }

  @Override
  public long write(Caller c, IoBuffer from) {
    if (setting == null) {
      return -Errno.EIO;
    }
    long n = from.remaining();
    if (n > MAX_SETTING) {
      return -Errno.EINVAL;
    }
    byte[] bytes = new byte[(int) n];
    from.get(bytes, 0, bytes.length);
    setting.set(c, new String(bytes, ISO_8859_1));
    position += n;
    return n;
  }

  @Override
  public long writeAt(Caller c, IoBuffer from, long offset) {
    return write(c, from);
  }

  @Override
  public long seek(Caller c, long offset, int whence) {
    return seekWithin(offset, whence, text == null ? 0 : text.length);
  }

  @Override
  public boolean isPollable() {
    return false;
  }
}
