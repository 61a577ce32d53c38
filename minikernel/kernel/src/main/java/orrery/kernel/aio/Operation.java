package orrery.kernel.aio;

import orrery.kernel.disk.IoEnd;
import orrery.kernel.fs.event.EventFile;

/** One control block of a context while it is under way; used again and again. */
final class Operation implements IoEnd {
  private final AioContext context;
  Operation next;
  private long data;
  private long block;
  private EventFile event;

  Operation(AioContext context) {
    this.context = context;
  }

  /**
   * It begins.
   *
   * @param itsData what the program wants to hear at the end
   * @param itsBlock address of the control block
   * @param itsEvent counts the end too; null if none
   */
  void begin(long itsData, long itsBlock, EventFile itsEvent) {
    data = itsData;
    block = itsBlock;
    event = itsEvent;
    if (event != null) {
      event.acquire();
    }
  }

  @Override
  public void ended(long result) {
    EventFile told = event;
    event = null;
    context.ended(this, data, block, result);
    if (told != null) {
      told.add(1);
      told.drop();
    }
  }

  /** It was refused: nobody hears of it. */
  void refused() {
    if (event != null) {
      event.drop();
      event = null;
    }
  }
}
