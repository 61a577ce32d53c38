package orrery.driver.nvme;

import orrery.kernel.abi.Errno;
import orrery.kernel.block.BlockDriver;
import orrery.kernel.block.BlockRequest;
import orrery.kernel.block.BlockStatus;
import orrery.kernel.device.CharacterDriver;
import orrery.kernel.device.ControlCall;
import orrery.kernel.device.DeviceFiles;
import orrery.kernel.device.DeviceLog;
import orrery.kernel.device.DeviceTimer;
import orrery.kernel.device.PciDevice;
import orrery.kernel.device.Processors;
import orrery.kernel.device.Transfer;
import orrery.kernel.device.Waiters;
import orrery.kernel.device.Work;
import orrery.kernel.hw.Direction;
import orrery.ownership.Borrow;
import orrery.ownership.IrqCtx;
import orrery.ownership.MaySleep;
import orrery.ownership.Move;
import orrery.ownership.Owned;
import orrery.ownership.ProcessCtx;
import orrery.ownership.SlotArray;

/**
 * A controller and everything the driver has of it. Its life: {@link State}.
 *
 * <p>The ladder, as Linux climbs it: a command that is late is looked for in its completion queue
 * first, because only the interrupt may be lost. An I/O command that is really late is aborted once
 * and gets the same time again. After that, for a late admin command, and for fatal status, the
 * controller is reset, and requests are issued anew. If that fails, or registers read as all ones,
 * the controller is dead.
 */
@Owned
final class Controller implements BlockDriver, CharacterDriver {
  /** Entries of a submission queue that interrupts, and of one that is polled. */
  private static final int SUBMISSIONS = 128;

  private static final int POLLED_SUBMISSIONS = 64;

  private static final int TICK = 0;
  private static final int MAINTENANCE = 0;

  /** The unit in which time-outs are counted. */
  private static final long TICK_NANOS = 100_000_000;

  private static final int TICK_MILLIS = 100;
  private static final int TICKS_PER_SECOND = 10;

  // Linux: the parameters of nvme_core, in seconds.
  private static final int IO_TIMEOUT = 30;
  private static final int ADMIN_TIMEOUT = 60;
  private static final int LONGEST_TIMEOUT = 1 << 20;

  /** The ticket of a call that waits for room, and has nothing yet. */
  private static final int WAITS = Passthrough.COMMANDS + 1;

  /** The ticket of a call that waits for the end of a reset or of a look for namespaces. */
  private static final int REPAIRED = Passthrough.COMMANDS + 2;

  private static final int IDENTIFY_CONTROLLER = 0x01;

  /** Events wanted: the critical warnings that every controller knows, changes of namespaces. */
  private static final int EVENTS_HEALTH = 0x1f;

  private static final int EVENTS_ATTRIBUTES = 1 << 8;

  /** Where the controller stands. */
  private enum State {
    /** Everything works. */
    LIVE,
    /** It is about to be reset, or is being reset: requests wait. */
    RESETTING,
    /** It is gone, or does not come back: everything fails. */
    DEAD
  }

  private final String name;
  private final Port port;
  private final AdminQueue admin;
  private final SlotArray<IoQueue> queues;
  private final Namespaces namespaces;
  private final Passthrough passthrough = new Passthrough();
  private final DeviceTimer timer;
  private final Work maintenance;
  private final DeviceLog log;
  private final DeviceFiles files;
  private final Processors processors;
  private final Waiters changes = new Waiters();
  private final int ioPatience;
  private final int adminPatience;

  private State state = State.RESETTING;
  private ControllerIdentity identity;
  private int usable;
  private boolean resetWanted;
  private boolean scanWanted;
  private boolean roomWanted;
  private boolean ticking;
  private int tick;

  /**
   * A controller that has not been started.
   *
   * @param name such as "nvme0"
   */
  Controller(PciDevice device, String name) {
    this.name = name;
    processors = device.processors();
    int count = processors.count();
    log = device.journal();
    files = device.files();
    ioPatience =
        TICKS_PER_SECOND * device.parameter("nvme_core.io_timeout", IO_TIMEOUT, 1, LONGEST_TIMEOUT);
    adminPatience =
        TICKS_PER_SECOND
            * device.parameter("nvme_core.admin_timeout", ADMIN_TIMEOUT, 1, LONGEST_TIMEOUT);
    timer = device.timer(TICK);
    maintenance = device.work(MAINTENANCE);
    namespaces = new Namespaces(device.disks("nvme", name), name, log);
    queues = new SlotArray<>(2 * count);
    Port opened = Port.open(device, count + 1);
    admin =
        new AdminQueue(
            opened.pair(device, 0, AdminQueue.SUBMISSIONS),
            Port.registers(device),
            opened.dma().buffer(AdminQueue.PAGE, Direction.FROM_DEVICE),
            device.completion());
    for (int i = 0; i < 2 * count; i++) {
      boolean polled = i >= count;
      QueuePair pair = opened.pair(device, i + 1, polled ? POLLED_SUBMISSIONS : SUBMISSIONS);
      PageLists lists = new PageLists(opened.dma(), pair.slots().count());
      int vector = polled ? IoQueue.POLLED : (i + 1) % opened.vectors();
      queues.put(i, new IoQueue(pair, lists, vector, ioPatience));
    }
    port = opened;
  }

  // ---- Start ----

  /**
   * Starts the controller for the first time.
   *
   * @throws NvmeException if it does not work
   */
  @MaySleep
  void bringUp(ProcessCtx ctx) throws NvmeException {
    port.disable(ctx);
    start(ctx);
    namespaces.describe(identity);
    namespaces.scan(ctx, admin, identity, queues.get(0).pair().slots().count());
    log.line(identity.model() + ", " + queueCount());
  }

  private String queueCount() {
    int interrupting = Math.min(usable, processors.count());
    return interrupting + " I/O queues and " + (usable - interrupting) + " polled ones";
  }

  /** Starts a controller that is stopped, with its queues. */
  @MaySleep
  private void start(ProcessCtx ctx) throws NvmeException {
    port.enable(ctx, admin.pair());
    admin.identify(ctx, IDENTIFY_CONTROLLER, 0);
    identity = ControllerIdentity.of(admin.page());
    int granted = admin.requestQueues(ctx, queues.length());
    if (granted < usable) {
      throw new NvmeException("the controller has fewer I/O queues than before");
    }
    usable = granted;
    for (int i = 0; i < usable; i++) {
      IoQueue queue = queues.get(i);
      queue.useSgl(identity.knowsSgl());
      admin.create(ctx, queue.pair(), queue.vector());
    }
    admin.configureEvents(
        ctx, identity.attributeNotices() ? EVENTS_HEALTH | EVENTS_ATTRIBUTES : EVENTS_HEALTH);
    admin.requestEvents(identity.events());
    state = State.LIVE;
    for (int i = 0; i < queues.length(); i++) {
      queues.get(i).resume();
    }
  }

  // ---- Requests ----

  /** The queue of this CPU that interrupts. */
  @Borrow
  private IoQueue queue() {
    return queues.get(processors.current() % Math.min(usable, processors.count()));
  }

  /** The queue of this CPU that is looked at, if there are as many. */
  @Borrow
  private IoQueue polledQueue() {
    int index = processors.count() + processors.current();
    return queues.get(index < usable ? index : processors.current() % usable);
  }

  @Override
  public void submit(@Move BlockRequest request) {
    if (state == State.DEAD) {
      request.complete(BlockStatus.OFFLINE);
    } else if (request.isPolled()) {
      polledQueue().submit(request);
    } else {
      queue().submit(request);
    }
  }

  @Override
  public void commit() {
    queue().ring();
    polledQueue().ring();
    if (!ticking) {
      startTicking();
    }
  }

  @Override
  public void poll(int disk) {
    polledQueue().service();
  }

  @Override
  public void interrupt(IrqCtx irq, int vector) {
    if (vector == 0) {
      serviceAdmin();
    }
    for (int i = 0; i < queues.length(); i++) {
      if (queues.get(i).vector() == vector) {
        queues.get(i).service();
      }
    }
    passthrough.sweep();
  }

  private void serviceAdmin() {
    admin.service();
    if (admin.hasEvents()) {
      maintenance.schedule();
    }
  }

  // ---- Time ----

  private void startTicking() {
    ticking = true;
    timer.arm(TICK_NANOS);
  }

  @Override
  public void timeout(IrqCtx irq, int which) {
    tick++;
    boolean busy = admin.pair().slots().timed() > 0;
    for (int i = 0; i < queues.length(); i++) {
      queues.get(i).tick(tick);
      busy |= queues.get(i).pair().slots().timed() > 0;
    }
    ticking = false;
    if (roomWanted) {
      roomWanted = false;
      changes.wakeAll();
    }
    if (!busy || state != State.LIVE) {
      return;
    }
    if (port.hasFailed()) {
      wantReset("it has failed as a whole");
      return;
    }
    if (admin.pair().slots().late(0, tick) != CommandSlots.NONE) {
      serviceAdmin();
      if (admin.pair().slots().late(0, tick) != CommandSlots.NONE) {
        wantReset("an admin command is late");
        return;
      }
    }
    for (int i = 0; i < queues.length(); i++) {
      if (!checkTime(queues.get(i))) {
        return;
      }
    }
    passthrough.sweep();
    startTicking();
  }

  /** Looks after the late commands of a queue; whether no reset is needed. */
  private boolean checkTime(IoQueue queue) {
    CommandSlots slots = queue.pair().slots();
    int slot = slots.late(0, tick);
    if (slot == CommandSlots.NONE) {
      return true;
    }
    queue.service();
    if (!slots.isIssued(slot) && queue.vector() != IoQueue.POLLED) {
      log.line("I/O " + slot + " of queue " + queue.pair().id() + " was done without interrupt");
    }
    for (slot = slots.late(0, tick); slot != CommandSlots.NONE; slot = slots.late(slot + 1, tick)) {
      String which = "I/O " + slot + " of queue " + queue.pair().id();
      if (slots.isAborted(slot)) {
        wantReset(which + " is late and cannot be aborted");
        return false;
      }
      // All the controller's aborts may be in use: then it gets as much time again.
      if (admin.abort(queue.pair(), slot, identity.aborts(), tick + adminPatience)) {
        log.line(which + " is late, aborting");
        slots.abort(slot, tick + ioPatience);
      } else {
        slots.extend(slot, tick + ioPatience);
      }
    }
    serviceAdmin();
    queue.service();
    return true;
  }

  private void wantReset(String why) {
    if (state == State.LIVE) {
      log.line(why + ", resetting the controller");
      state = State.RESETTING;
      for (int i = 0; i < queues.length(); i++) {
        queues.get(i).stop();
      }
    }
    resetWanted = true;
    maintenance.schedule();
  }

  // ---- Maintenance: what waits in place ----

  @Override
  @MaySleep
  public void work(ProcessCtx ctx, int which) {
    if (resetWanted) {
      resetWanted = false;
      reset(ctx);
    }
    if (state != State.LIVE) {
      return;
    }
    try {
      while (admin.hasEvents()) {
        scanWanted |= Events.handle(ctx, admin, admin.nextEvent(), log);
      }
      if (scanWanted) {
        scanWanted = false;
        namespaces.scan(ctx, admin, identity, queues.get(0).pair().slots().count());
      }
      admin.requestEvents(identity.events());
    } catch (NvmeException e) {
      log.line(e.getMessage());
      if (port.isGone() || port.hasFailed() || admin.isStuck()) {
        wantReset("the admin queue does not work");
      }
    }
    changes.wakeAll();
  }

  @MaySleep
  private void reset(ProcessCtx ctx) {
    if (state == State.DEAD) {
      return;
    }
    try {
      for (int i = 0; i < queues.length(); i++) {
        queues.get(i).stop();
        queues.get(i).service();
      }
      state = State.RESETTING;
      port.disable(ctx);
      recall();
      start(ctx);
      scanWanted = true;
      log.line("reset, " + queueCount());
      if (!ticking) {
        startTicking();
      }
    } catch (NvmeException e) {
      log.line(e.getMessage());
      die();
    }
    passthrough.sweep();
    changes.wakeAll();
  }

  private void recall() {
    admin.recall();
    for (int i = 0; i < queues.length(); i++) {
      queues.get(i).recall();
    }
  }

  /** Everything fails from now on, and the disks and the controller's own file go away. */
  private void die() {
    log.line("the controller is dead");
    state = State.DEAD;
    admin.recall();
    for (int i = 0; i < queues.length(); i++) {
      queues.get(i).failAll(BlockStatus.OFFLINE);
    }
    namespaces.removeAll();
    files.withdraw();
  }

  // ---- /dev/nvme0 and ioctls ----

  @Override
  public long read(Transfer transfer) {
    return -Errno.EINVAL;
  }

  @Override
  public boolean isReadable() {
    return false;
  }

  @Override
  public Waiters changes() {
    return changes;
  }

  @Override
  public long control(ControlCall call) {
    int ticket = call.ticket();
    if (ticket > 0 && ticket <= Passthrough.COMMANDS) {
      return goOn(call, ticket - 1);
    }
    if (state == State.DEAD) {
      return -Errno.ENODEV;
    }
    if (ticket == REPAIRED) {
      return state == State.LIVE && !resetWanted && !scanWanted
          ? 0
          : call.sleepOn(changes, REPAIRED);
    }
    boolean isDisk = call.disk() != ControlCall.NO_DISK;
    return switch (call.number()) {
      case Ioctl.ID -> isDisk ? call.disk() : -Errno.ENOTTY;
      case Ioctl.ADMIN_CMD -> run(call, Passthrough.Form.COMMAND, true);
      case Ioctl.ADMIN64_CMD -> run(call, Passthrough.Form.COMMAND_64, true);
      case Ioctl.IO_CMD -> run(call, Passthrough.Form.COMMAND, false);
      case Ioctl.IO64_CMD -> run(call, Passthrough.Form.COMMAND_64, false);
      case Ioctl.SUBMIT_IO -> isDisk ? run(call, Passthrough.Form.IO, false) : -Errno.ENOTTY;
      case Ioctl.RESET -> isDisk ? -Errno.ENOTTY : repair(call, true, false);
      case Ioctl.SUBSYS_RESET -> isDisk ? -Errno.ENOTTY : repair(call, true, true);
      case Ioctl.RESCAN -> isDisk ? -Errno.ENOTTY : repair(call, false, false);
      default -> -Errno.ENOTTY;
    };
  }

  /** A reset of the controller or a look for namespaces, until it is done. */
  private long repair(ControlCall call, boolean reset, boolean subsystem) {
    if (!call.isPrivileged()) {
      return -Errno.EACCES;
    }
    if (subsystem) {
      if (!port.canResetSubsystem()) {
        return -Errno.ENOTTY;
      }
      port.resetSubsystem();
    }
    if (reset) {
      wantReset("a program asks for it");
    } else {
      scanWanted = true;
      maintenance.schedule();
    }
    return call.sleepOn(changes, REPAIRED);
  }

  private long run(ControlCall call, Passthrough.Form form, boolean toAdmin) {
    int shift = namespaces.blockShift(call.disk());
    int index = passthrough.begin(call, port.dma(), form, identity.maxTransfer(), shift);
    if (index == Passthrough.BUSY) {
      return call.sleepOn(passthrough.free(), WAITS);
    }
    if (index < 0) {
      return index;
    }
    Command command = passthrough.command(index);
    if (call.disk() != ControlCall.NO_DISK && command.namespace != call.disk()) {
      passthrough.drop(index);
      return -Errno.EINVAL;
    }
    int deadline = tick + 1 + passthrough.patience(index, toAdmin ? adminPatience : ioPatience);
    boolean taken =
        state == State.LIVE
            && (toAdmin ? admin.submit(command, deadline) : queue().submit(command, deadline));
    if (!taken) {
      // Until the controller works again, or there may be room.
      passthrough.drop(index);
      roomWanted = true;
      if (!ticking) {
        startTicking();
      }
      return call.sleepOn(changes, WAITS);
    }
    if (!ticking) {
      startTicking();
    }
    if (toAdmin) {
      serviceAdmin();
    } else {
      queue().service();
    }
    return goOn(call, index);
  }

  /** A command is under way, or over. */
  private long goOn(ControlCall call, int index) {
    Command command = passthrough.command(index);
    if (command.isUnderWay()) {
      return call.sleepOn(command.waiters(), index + 1);
    }
    boolean changesNamespaces =
        command.status() == Status.SUCCESS
            && (call.number() == Ioctl.ADMIN_CMD || call.number() == Ioctl.ADMIN64_CMD)
            && (command.opcode == Opcode.FORMAT
                || command.opcode == Opcode.NAMESPACE_MANAGEMENT
                || command.opcode == Opcode.NAMESPACE_ATTACHMENT);
    long answer = passthrough.end(call, index);
    if (!changesNamespaces || answer != 0) {
      return answer;
    }
    scanWanted = true;
    maintenance.schedule();
    return call.sleepOn(changes, REPAIRED);
  }

  @Override
  public void abandon(int ticket) {
    if (ticket > 0 && ticket <= Passthrough.COMMANDS) {
      passthrough.abandon(ticket - 1);
    }
  }

  // ---- End ----

  @Override
  @MaySleep
  @Move
  public void remove(ProcessCtx ctx) {
    timer.cancel();
    if (state == State.LIVE) {
      shutDown(ctx);
    }
    try {
      port.disable(ctx);
    } catch (NvmeException e) {
      log.line(e.getMessage());
    }
    recall();
    timer.close();
    maintenance.close();
    namespaces.close();
    queues.drain(queue -> queue.close());
    queues.close();
    passthrough.close();
    admin.close();
    port.close();
  }

  /** The controller is to make everything safe, for its power may go. */
  @MaySleep
  private void shutDown(ProcessCtx ctx) {
    try {
      for (int i = 0; i < usable; i++) {
        admin.delete(ctx, queues.get(i).pair());
      }
    } catch (NvmeException e) {
      log.line(e.getMessage());
    }
    try {
      port.shutDown(ctx, identity.shutdownNanos());
    } catch (NvmeException e) {
      log.line(e.getMessage());
    }
  }
}
