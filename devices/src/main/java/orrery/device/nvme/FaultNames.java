package orrery.device.nvme;

import java.util.Map;
import java.util.TreeMap;
import orrery.machine.fault.FaultRule;

/** The words of {@link DriveFaultReader}: names of commands and of status codes. */
final class FaultNames {
  /**
   * A class of commands.
   *
   * @param kind {@link Engine#ADMIN}, {@link Engine#IO} or {@link FaultRule#ANY}
   * @param opcode or {@link FaultRule#ANY}
   */
  record Command(int kind, int opcode) {
    /** Whether it has a first block and a number of them. */
    boolean hasBlocks() {
      return kind == Engine.IO && Engine.hasBlocks(opcode);
    }

    /** Whether it has data that a fault can corrupt. */
    boolean hasData() {
      return kind == Engine.ADMIN
          ? Engine.givesData(true, opcode)
          : kind == Engine.IO && (opcode == Opcode.READ || opcode == Opcode.WRITE);
    }
  }

  static final Map<String, Command> COMMANDS = commands();
  static final Map<String, Integer> STATUSES = statuses();

  private FaultNames() {}

  private static Map<String, Command> commands() {
    Map<String, Command> names = new TreeMap<>();
    names.put("any", new Command(FaultRule.ANY, FaultRule.ANY));
    names.put("admin", new Command(Engine.ADMIN, FaultRule.ANY));
    names.put("io", new Command(Engine.IO, FaultRule.ANY));
    names.put("flush", io(Opcode.FLUSH));
    names.put("write", io(Opcode.WRITE));
    names.put("read", io(Opcode.READ));
    names.put("compare", io(Opcode.COMPARE));
    names.put("write-zeroes", io(Opcode.WRITE_ZEROES));
    names.put("dsm", io(Opcode.DATASET_MANAGEMENT));
    names.put("verify", io(Opcode.VERIFY));
    names.put("copy", io(Opcode.COPY));
    names.put("delete-sq", admin(Opcode.DELETE_SUBMISSION_QUEUE));
    names.put("create-sq", admin(Opcode.CREATE_SUBMISSION_QUEUE));
    names.put("get-log", admin(Opcode.GET_LOG_PAGE));
    names.put("delete-cq", admin(Opcode.DELETE_COMPLETION_QUEUE));
    names.put("create-cq", admin(Opcode.CREATE_COMPLETION_QUEUE));
    names.put("identify", admin(Opcode.IDENTIFY));
    names.put("abort", admin(Opcode.ABORT));
    names.put("set-features", admin(Opcode.SET_FEATURES));
    names.put("get-features", admin(Opcode.GET_FEATURES));
    names.put("async-event", admin(Opcode.ASYNC_EVENT_REQUEST));
    names.put("doorbell-buffers", admin(Opcode.DOORBELL_BUFFER_CONFIG));
    names.put("format", admin(Opcode.FORMAT));
    return names;
  }

  private static Command io(int opcode) {
    return new Command(Engine.IO, opcode);
  }

  private static Command admin(int opcode) {
    return new Command(Engine.ADMIN, opcode);
  }

  private static Map<String, Integer> statuses() {
    return new TreeMap<>(
        Map.of(
            "invalid-opcode", Status.INVALID_OPCODE,
            "invalid-field", Status.INVALID_FIELD,
            "data-transfer-error", Status.DATA_TRANSFER_ERROR,
            "internal-error", Status.INTERNAL_ERROR,
            "invalid-namespace", Status.INVALID_NAMESPACE,
            "write-protected", Status.WRITE_PROTECTED,
            "lba-out-of-range", Status.LBA_OUT_OF_RANGE,
            "write-fault", Status.WRITE_FAULT,
            "read-error", Status.READ_ERROR,
            "compare-failure", Status.COMPARE_FAILURE));
  }
}
