package orrery.device.nvme;

import static orrery.device.nvme.RegisterMap.*;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import orrery.device.storage.Medium;
import orrery.machine.MachineException;
import orrery.machine.clock.Alarm;
import orrery.machine.dma.DmaPort;
import orrery.machine.fault.FaultPlan;
import orrery.machine.pci.PciConfiguration;
import orrery.machine.pci.PciDevice;
import orrery.machine.pci.PciFunction;

/**
 * An NVMe controller as a PCI function: puts the parts together and does what concerns all of them,
 * namely resets, shutdown and power. Belongs to the vCPU's thread.
 */
public final class NvmeController implements PciDevice, Registers.Control {
  /** Mass storage, non-volatile memory, NVM Express I/O controller. */
  private static final int CLASS = 0x01_08_02;

  private static final int ADMIN_VECTOR = 0;

  private final NvmeState state;
  private final Health health = new Health();
  private final Namespace[] namespaces;
  private final String serial;
  private final DriveRecord record;
  private final FaultPlan faults;
  private final Runnable powerCut;
  private final LongSupplier clock;
  private final long startNanos;
  private final Alarm alarm;
  private final Registers registers;
  private final ErrorLog errors = new ErrorLog(health);
  private final AsyncEvents events;
  private final HeldCommands held;
  private final Interrupts interrupts;
  private Engine engine;
  private PciFunction function;

  /**
   * What a controller is made of.
   *
   * @param serial 1 to 20 printable ASCII characters
   * @param media one for each namespace, the first being namespace 1; they become its own
   * @param record the file with what the drive remembers besides its blocks; null for none
   * @param faults what goes wrong
   * @param powerCut makes everything that shares the power lose it, this controller included
   */
  record Setup(
      String serial, List<Medium> media, Path record, FaultPlan faults, Runnable powerCut) {}

  NvmeController(Setup setup, LongSupplier clock, Alarm.Maker alarms) {
    state = new NvmeState(setup.media.size());
    registers = new Registers(state, this);
    events = new AsyncEvents(state);
    held = new HeldCommands(state);
    this.serial = setup.serial;
    this.faults = setup.faults;
    powerCut = setup.powerCut;
    this.clock = clock;
    startNanos = clock.getAsLong();
    record = new DriveRecord(setup.record);
    namespaces = new Namespace[setup.media.size()];
    for (int i = 0; i < namespaces.length; i++) {
      namespaces[i] = new Namespace(i + 1, setup.media.get(i));
      namespaces[i].format(record.format(i + 1));
    }
    record.load(health);
    health.powerCycles++;
    health.unsafeShutdowns += record.wasCutOff() ? 1 : 0;
    alarm = alarms.make(this::expire);
    interrupts = new Interrupts(state, clock, alarm);
    try {
      save(false);
    } catch (IOException e) {
      throw new MachineException(
          "cannot write " + setup.record + ": " + e.getMessage() + "; use ,readonly or ,overlay");
    }
  }

  private void save(boolean clean) throws IOException {
    record.save(health, namespaces, clock.getAsLong() - startNanos, clean);
  }

  @Override
  public PciConfiguration configuration() {
    return new PciConfiguration(
            IdentifyController.PCI_VENDOR, IdentifyController.PCI_DEVICE, CLASS, 1)
        .subsystem(IdentifyController.PCI_VENDOR, IdentifyController.PCI_DEVICE)
        .memory64(0, BAR_SIZE, registers)
        .interruptPin()
        .powerManagement()
        .express()
        .msiX(QUEUES, 0, MSI_X_TABLE, MSI_X_PENDING);
  }

  @Override
  public void connected(PciFunction to) {
    function = to;
    DmaPort dma = function.dma();
    interrupts.connect(function);
    DataPointer pointer = new DataPointer(dma);
    Fetched fetched = new Fetched(dma);
    ReadBatch batch = new ReadBatch(dma, fetched);
    Transfer transfer = new Transfer(dma, batch);
    Reply reply = new Reply(state, pointer, transfer);
    CommandTable nvm = new CommandTable();
    new NvmCommands(state, namespaces, health, pointer, transfer).addTo(nvm);
    new RangeCommands(state, health, pointer, transfer).addTo(nvm);
    CommandTable admin = new CommandTable();
    Surroundings surroundings = new Surroundings(state, namespaces, health, events);
    Features features = new Features(state, namespaces, surroundings, reply, clock);
    features.addTo(admin);
    new QueueCommands(state, interrupts, held).addTo(admin);
    new IdentifyCommand(serial, namespaces, reply, surroundings).addTo(admin);
    new ControlCommands(state, namespaces, events, held, clock).addTo(admin);
    new LogPages(
            new LogPages.Sources(
                state,
                health,
                errors,
                events,
                features,
                admin,
                nvm,
                reply,
                () -> clock.getAsLong() - startNanos))
        .addTo(admin);
    engine =
        new Engine(
            state,
            dma,
            new Engine.Parts(
                namespaces,
                admin,
                nvm,
                interrupts,
                fetched,
                batch,
                transfer,
                events,
                surroundings,
                held,
                errors,
                health,
                faults,
                clock,
                alarm,
                new Engine.Power(this::powerFails, powerCut)));
  }

  // ---- Resets ----

  /** Function level reset, or the machine's: as after power-on. */
  @Override
  public void reset() {
    state.resetAll();
    resetNamespaces();
    interrupts.updatePin();
  }

  @Override
  public void disable() {
    int configuration = state.configuration;
    int sizes = state.adminSizes;
    state.reset();
    state.configuration = configuration;
    state.adminSizes = sizes;
    resetNamespaces();
    interrupts.updatePin();
  }

  /**
   * All controllers of the subsystem, which is this one, are reset, and its port goes through the
   * Detect state (Base, section 3.7.1; PCIe Transport, NVM Subsystem Reset): the link is down for a
   * moment, after which configuration space, too, is as after power-on.
   */
  @Override
  public void resetSubsystem() {
    function.reset();
    state.status = CSTS_SUBSYSTEM_RESET;
  }

  private void resetNamespaces() {
    for (Namespace namespace : namespaces) {
      namespace.errorRecovery = 0;
    }
  }

  @Override
  public void enable() {
    if (!isConfigurationValid()) {
      state.status |= CSTS_FATAL;
      return;
    }
    CompletionQueue completion =
        new CompletionQueue(
            0,
            state.adminCompletion,
            1 + (state.adminSizes >>> AQA_COMPLETION_SHIFT & AQA_SIZE_MASK),
            ADMIN_VECTOR,
            true);
    completion.users = 1;
    state.completion[0] = completion;
    state.submission[0] =
        new SubmissionQueue(
            0, state.adminSubmission, 1 + (state.adminSizes & AQA_SIZE_MASK), completion);
    state.status |= CSTS_READY;
  }

  /** What CC, AQA, ASQ and ACQ must be for a controller to start (Base, section 3.1.4). */
  private boolean isConfigurationValid() {
    int cc = state.configuration;
    int set = cc >>> CC_SET_SHIFT & CC_SET_MASK;
    int pageShift = MIN_PAGE_SHIFT + (cc >>> CC_PAGE_SHIFT & CC_PAGE_MASK);
    int arbitration = cc >>> CC_ARBITRATION_SHIFT & CC_ARBITRATION_MASK;
    long pageMask = (1L << pageShift) - 1;
    return (set == CC_SET_NVM || set == CC_SET_ALL)
        && pageShift <= MAX_PAGE_SHIFT
        && arbitration == 0
        && (state.adminSizes & AQA_SIZE_MASK) != 0
        && (state.adminSizes >>> AQA_COMPLETION_SHIFT & AQA_SIZE_MASK) != 0
        && state.adminSubmission != 0
        && state.adminCompletion != 0
        && (state.adminSubmission & pageMask) == 0
        && (state.adminCompletion & pageMask) == 0;
  }

  // ---- Shutdown and power ----

  @Override
  public void shutDown() {
    boolean saved = flushAll();
    try {
      save(saved);
    } catch (IOException e) {
      saved = false;
    }
    if (!saved) {
      health.mediaErrors++;
    }
    state.status |= CSTS_SHUTDOWN_COMPLETE;
  }

  private boolean flushAll() {
    boolean done = true;
    for (Namespace namespace : namespaces) {
      done &= Transfer.flush(namespace.medium) == Status.SUCCESS;
    }
    return done;
  }

  private void powerFails() {
    for (Namespace namespace : namespaces) {
      namespace.medium.powerFails();
    }
  }

  /**
   * The power is gone: the media lose what was volatile but whole blocks, as AWUPF has it (NVM,
   * atomic operation), and nothing answers any more.
   */
  void losePower() {
    for (Namespace namespace : namespaces) {
      namespace.medium.losePower(1 << namespace.blockShift());
    }
    state.resetAll();
    state.dead = true;
    interrupts.updatePin();
  }

  @Override
  public void powerOff(long deadline) {
    alarm.close();
    boolean shutDown = (state.status & CSTS_SHUTDOWN_MASK) == CSTS_SHUTDOWN_COMPLETE;
    IOException failure = null;
    try {
      save(shutDown);
    } catch (IOException e) {
      failure = e;
    }
    for (Namespace namespace : namespaces) {
      try {
        namespace.medium.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw new MachineException("a drive could not be saved: " + failure.getMessage());
    }
  }

  // ---- The rest of what registers cause ----

  @Override
  public void maskChanged() {
    interrupts.updatePin();
  }

  @Override
  public void submissionDoorbell(int id, int tail) {
    engine.submissionDoorbell(id, tail);
  }

  @Override
  public void completionDoorbell(int id, int head) {
    engine.completionDoorbell(id, head);
  }

  private void expire() {
    engine.expire();
  }
}
