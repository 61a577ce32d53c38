package orrery.device.nvme;

import static orrery.device.nvme.CommandTable.Scope.OWN;

import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Get Features and Set Features (Base, sections 5.2.11 and 5.2.26). All mandatory features of a
 * PCIe I/O controller, and those optional ones that Identify names. None is saveable: after a reset
 * every feature has its default.
 */
final class Features {
  static final int ARBITRATION = 0x01;
  static final int POWER_MANAGEMENT = 0x02;
  static final int TEMPERATURE_THRESHOLD = 0x04;
  static final int ERROR_RECOVERY = 0x05;
  static final int WRITE_CACHE = 0x06;
  static final int NUMBER_OF_QUEUES = 0x07;
  static final int INTERRUPT_COALESCING = 0x08;
  static final int INTERRUPT_VECTOR = 0x09;
  static final int WRITE_ATOMICITY = 0x0a;
  static final int ASYNC_EVENTS = 0x0b;
  static final int AUTONOMOUS_POWER = 0x0c;
  static final int TIMESTAMP = 0x0e;
  static final int HOST_BEHAVIOR = 0x16;
  static final int COMMAND_SET_PROFILE = 0x19;
  static final int HOST_IDENTIFIER = 0x81;

  private static final int[] ALL = {
    ARBITRATION,
    POWER_MANAGEMENT,
    TEMPERATURE_THRESHOLD,
    ERROR_RECOVERY,
    WRITE_CACHE,
    NUMBER_OF_QUEUES,
    INTERRUPT_COALESCING,
    INTERRUPT_VECTOR,
    WRITE_ATOMICITY,
    ASYNC_EVENTS,
    AUTONOMOUS_POWER,
    TIMESTAMP,
    HOST_BEHAVIOR,
    COMMAND_SET_PROFILE,
    HOST_IDENTIFIER
  };

  // Command dwords.
  private static final int ID_MASK = 0xff;
  private static final int SELECT_SHIFT = 8;
  private static final int SELECT_MASK = 7;
  private static final int SELECT_CURRENT = 0;
  private static final int SELECT_DEFAULT = 1;
  private static final int SELECT_SAVED = 2;
  private static final int SELECT_CAPABILITIES = 3;
  private static final int SAVE = 1 << 31;

  // Capabilities of a feature, also in the log of features.
  private static final int CAPABILITY_NAMESPACE = 1 << 1;
  private static final int CAPABILITY_CHANGEABLE = 1 << 2;
  private static final int EFFECT_SUPPORTED = 1;
  private static final int EFFECT_NAMESPACE = 1 << 20;
  private static final int EFFECT_CONTROLLER = 1 << 21;

  // Single features.
  private static final int ARBITRATION_BURST = 7;
  private static final int POWER_MASK = 0x1f;
  private static final int POWER_WORKLOAD_MASK = 0xff;
  private static final int SENSOR_SHIFT = 16;
  private static final int SENSOR_MASK = 0xf;
  private static final int SENSOR_ALL = 0xf;
  private static final int THRESHOLD_KIND_SHIFT = 20;
  private static final int THRESHOLD_KIND_MASK = 3;
  private static final int WORD_MASK = 0xffff;
  private static final int DEALLOCATED_ERROR = 1 << 16;
  private static final int COALESCING_DISABLED = 1 << 16;
  private static final int EVENTS = 0x1f | Surroundings.NAMESPACE_NOTICE;
  private static final int EXTENDED_IDENTIFIER = 1;
  private static final int PROFILE_MASK = 0x1ff;
  private static final int MAX_QUEUES_WISH = 0xfffe;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long TIMESTAMP_MASK = 0xffff_ffff_ffffL;
  private static final int TIMESTAMP_SIZE = 8;
  private static final int TIMESTAMP_ATTRIBUTES = 6;
  private static final int TIMESTAMP_BY_HOST = 1 << 1;

  private final NvmeState state;
  private final Namespace[] namespaces;
  private final Surroundings surroundings;
  private final Reply reply;
  private final LongSupplier clock;
  private final byte[] timestamp = new byte[TIMESTAMP_SIZE];
  private final FeatureState defaults = new FeatureState();

  Features(
      NvmeState state,
      Namespace[] namespaces,
      Surroundings surroundings,
      Reply reply,
      LongSupplier clock) {
    this.state = state;
    this.namespaces = namespaces;
    this.surroundings = surroundings;
    this.reply = reply;
    this.clock = clock;
  }

  void addTo(CommandTable table) {
    table.add(Opcode.GET_FEATURES, 0, OWN, this::get).add(Opcode.SET_FEATURES, 0, OWN, this::set);
  }

  private static boolean isSupported(int id) {
    return Arrays.binarySearch(ALL, id) >= 0;
  }

  private static boolean isChangeable(int id) {
    return id != COMMAND_SET_PROFILE;
  }

  private static boolean isOfNamespace(int id) {
    return id == ERROR_RECOVERY;
  }

  /** The log page Feature Identifiers Supported and Effects. */
  Page effects(Page page) {
    for (int id : ALL) {
      int scope = isOfNamespace(id) ? EFFECT_NAMESPACE : EFFECT_CONTROLLER;
      page.put32(id * Integer.BYTES, EFFECT_SUPPORTED | scope);
    }
    return page;
  }

  private Namespace namespace(int id) {
    return id > 0 && id <= namespaces.length ? namespaces[id - 1] : null;
  }

  // ---- Get ----

  private int get(Request request) {
    int id = request.dword(Request.AT_10) & ID_MASK;
    int select = request.dword(Request.AT_10) >>> SELECT_SHIFT & SELECT_MASK;
    if (!isSupported(id) || select > SELECT_CAPABILITIES) {
      return request.invalid(Request.AT_10);
    }
    if (isOfNamespace(id) && namespace(request.namespaceId()) == null) {
      return request.wrong(Status.INVALID_NAMESPACE, Request.AT_NAMESPACE);
    }
    if (select == SELECT_CAPABILITIES) {
      request.result =
          (isChangeable(id) ? CAPABILITY_CHANGEABLE : 0)
              | (isOfNamespace(id) ? CAPABILITY_NAMESPACE : 0);
      return Status.SUCCESS;
    }
    // Nothing is saved, so a saved value is the default (Base, section 4.4).
    boolean isDefault = select == SELECT_DEFAULT || select == SELECT_SAVED;
    return get(request, id, isDefault ? defaults : state.features, select == SELECT_CURRENT);
  }

  private int get(Request request, int id, FeatureState from, boolean current) {
    switch (id) {
      case ARBITRATION -> request.result = from.arbitration;
      case POWER_MANAGEMENT -> request.result = from.powerManagement;
      case TEMPERATURE_THRESHOLD -> {
        return threshold(request, from);
      }
      case ERROR_RECOVERY ->
          request.result = current ? namespace(request.namespaceId()).errorRecovery : 0;
      case WRITE_CACHE -> request.result = from.writeCache;
      case NUMBER_OF_QUEUES -> request.result = from.queues;
      case INTERRUPT_COALESCING -> request.result = from.interruptCoalescing;
      case INTERRUPT_VECTOR -> {
        return vector(request, from);
      }
      case WRITE_ATOMICITY -> request.result = from.writeAtomicity;
      case ASYNC_EVENTS -> request.result = from.asyncEvents;
      case AUTONOMOUS_POWER -> {
        request.result = from.autonomousPower;
        return reply.send(request, from.powerTransitions);
      }
      case TIMESTAMP -> {
        return reply.send(request, current ? timestamp() : new byte[TIMESTAMP_SIZE]);
      }
      case HOST_BEHAVIOR -> {
        return reply.send(request, from.hostBehavior);
      }
      case COMMAND_SET_PROFILE -> request.result = from.commandSetProfile;
      case HOST_IDENTIFIER -> {
        return hostIdentifier(request, from);
      }
      default -> throw new IllegalStateException("feature " + id + " has no value");
    }
    return Status.SUCCESS;
  }

  private static int threshold(Request request, FeatureState from) {
    int choice = request.dword(Request.AT_11);
    int kind = choice >>> THRESHOLD_KIND_SHIFT & THRESHOLD_KIND_MASK;
    if ((choice >>> SENSOR_SHIFT & SENSOR_MASK) != 0 || kind > 1) {
      return request.invalid(Request.AT_11);
    }
    request.result = kind == 0 ? from.overTemperature : from.underTemperature;
    return Status.SUCCESS;
  }

  private static int vector(Request request, FeatureState from) {
    int vector = request.dword(Request.AT_11) & WORD_MASK;
    if (vector >= FeatureState.VECTORS) {
      return request.invalid(Request.AT_11);
    }
    request.result = vector | (from.coalescingDisabled[vector] ? COALESCING_DISABLED : 0);
    return Status.SUCCESS;
  }

  /** Runs on from what the host set (Base, section 5.2.26.1.7). */
  private byte[] timestamp() {
    FeatureState features = state.features;
    long elapsed = (clock.getAsLong() - features.timestampSetAt) / NANOS_PER_MILLI;
    return new Page(TIMESTAMP_SIZE)
        .put64(0, features.timestamp + elapsed & TIMESTAMP_MASK)
        .put8(TIMESTAMP_ATTRIBUTES, features.timestampSetByHost ? TIMESTAMP_BY_HOST : 0)
        .bytes();
  }

  private int hostIdentifier(Request request, FeatureState from) {
    boolean extended = (request.dword(Request.AT_11) & EXTENDED_IDENTIFIER) != 0;
    int length = extended ? from.hostIdentifier.length : Long.BYTES;
    return reply.send(request, from.hostIdentifier, 0, length);
  }

  // ---- Set ----

  private int set(Request request) {
    int id = request.dword(Request.AT_10) & ID_MASK;
    if (!isSupported(id)) {
      return request.invalid(Request.AT_10);
    }
    if ((request.dword(Request.AT_10) & SAVE) != 0) {
      return request.wrong(Status.NOT_SAVEABLE, Request.AT_10);
    }
    if (!isChangeable(id)) {
      return setProfile(request);
    }
    int namespace = request.namespaceId();
    if (isOfNamespace(id)) {
      if (namespace != Request.BROADCAST && namespace(namespace) == null) {
        return request.wrong(Status.INVALID_NAMESPACE, Request.AT_NAMESPACE);
      }
    } else if (namespace != 0 && namespace != Request.BROADCAST) {
      return namespace(namespace) == null
          ? request.wrong(Status.INVALID_NAMESPACE, Request.AT_NAMESPACE)
          : request.wrong(Status.NOT_NAMESPACE_SPECIFIC, Request.AT_NAMESPACE);
    }
    return set(request, id, request.dword(Request.AT_11));
  }

  private int set(Request request, int id, int value) {
    FeatureState features = state.features;
    switch (id) {
      case ARBITRATION -> features.arbitration = value & (ARBITRATION_BURST | 0xffff_ff00);
      case POWER_MANAGEMENT -> {
        if ((value & POWER_MASK) >= NvmeState.POWER_STATES) {
          return request.invalid(Request.AT_11);
        }
        features.powerManagement = value & POWER_WORKLOAD_MASK;
      }
      case TEMPERATURE_THRESHOLD -> {
        return setThreshold(request, value);
      }
      case ERROR_RECOVERY -> {
        return setErrorRecovery(request, value);
      }
      case WRITE_CACHE -> {
        return setWriteCache(value & 1);
      }
      case NUMBER_OF_QUEUES -> {
        return setQueues(request, value);
      }
      case INTERRUPT_COALESCING -> features.interruptCoalescing = value & WORD_MASK;
      case INTERRUPT_VECTOR -> {
        return setVector(request, value);
      }
      case WRITE_ATOMICITY -> features.writeAtomicity = value & 1;
      case ASYNC_EVENTS -> {
        if ((value & ~EVENTS) != 0) {
          return request.invalid(Request.AT_11); // OAES names no other notices
        }
        features.asyncEvents = value;
        surroundings.checkTemperature();
      }
      case AUTONOMOUS_POWER -> {
        return setAutonomousPower(request, value & 1);
      }
      case TIMESTAMP -> {
        return setTimestamp(request);
      }
      case HOST_BEHAVIOR -> {
        return setHostBehavior(request);
      }
      case HOST_IDENTIFIER -> {
        return setHostIdentifier(request, value);
      }
      default -> throw new IllegalStateException("feature " + id + " cannot be set");
    }
    return Status.SUCCESS;
  }

  /** The one combination of command sets may be chosen, no other (Base, section 5.2.26.1.17). */
  private static int setProfile(Request request) {
    return (request.dword(Request.AT_11) & PROFILE_MASK) == 0
        ? Status.SUCCESS
        : request.wrong(Status.COMMAND_SET_REJECTED, Request.AT_11);
  }

  private int setThreshold(Request request, int value) {
    int sensor = value >>> SENSOR_SHIFT & SENSOR_MASK;
    int kind = value >>> THRESHOLD_KIND_SHIFT & THRESHOLD_KIND_MASK;
    if (sensor != 0 && sensor != SENSOR_ALL || kind > 1) {
      return request.invalid(Request.AT_11);
    }
    if (kind == 0) {
      state.features.overTemperature = value & WORD_MASK;
    } else {
      state.features.underTemperature = value & WORD_MASK;
    }
    surroundings.checkTemperature();
    return Status.SUCCESS;
  }

  private int setErrorRecovery(Request request, int value) {
    if ((value & DEALLOCATED_ERROR) != 0) {
      return request.invalid(Request.AT_11); // NSFEAT names no such errors
    }
    for (Namespace namespace : namespaces) {
      if (request.namespaceId() == Request.BROADCAST || request.namespaceId() == namespace.id) {
        namespace.errorRecovery = value & WORD_MASK;
      }
    }
    return Status.SUCCESS;
  }

  /** Switching the cache off makes durable what is in it. */
  private int setWriteCache(int value) {
    state.features.writeCache = value;
    int status = Status.SUCCESS;
    for (Namespace namespace : namespaces) {
      if (value == 0) {
        int one = Transfer.flush(namespace.medium);
        status = one == Status.SUCCESS ? status : one;
      }
    }
    return status;
  }

  private int setQueues(Request request, int value) {
    int submission = value & WORD_MASK;
    int completion = value >>> Short.SIZE;
    if (submission > MAX_QUEUES_WISH || completion > MAX_QUEUES_WISH) {
      return request.invalid(Request.AT_11);
    }
    for (int id = 1; id < RegisterMap.QUEUES; id++) {
      if (state.submission[id] != null || state.completion[id] != null) {
        return request.wrong(Status.COMMAND_SEQUENCE, Request.AT_10);
      }
    }
    int last = RegisterMap.IO_QUEUES - 1;
    state.features.queues = Math.min(submission, last) | Math.min(completion, last) << Short.SIZE;
    request.result = state.features.queues;
    return Status.SUCCESS;
  }

  private int setVector(Request request, int value) {
    int vector = value & WORD_MASK;
    boolean disabled = (value & COALESCING_DISABLED) != 0;
    if (vector >= FeatureState.VECTORS || vector == 0 && !disabled) {
      return request.invalid(Request.AT_11);
    }
    state.features.coalescingDisabled[vector] = disabled;
    return Status.SUCCESS;
  }

  /** Every entry's target must be a non-operational state there is (Base, section 5.2.26.1.6). */
  private int setAutonomousPower(Request request, int enable) {
    byte[] table = new byte[state.features.powerTransitions.length];
    int status = reply.receive(request, table);
    if (status != Status.SUCCESS) {
      return status;
    }
    for (int entry = 0; entry < NvmeState.POWER_STATES; entry++) {
      int low = table[entry * Long.BYTES];
      int target = low >>> 3 & POWER_MASK;
      boolean timed =
          table[entry * Long.BYTES + 1] != 0
              || table[entry * Long.BYTES + 2] != 0
              || table[entry * Long.BYTES + 3] != 0;
      if (timed && !IdentifyController.isNonOperational(target)) {
        return request.invalid(Request.AT_DATA);
      }
    }
    System.arraycopy(table, 0, state.features.powerTransitions, 0, table.length);
    state.features.autonomousPower = enable;
    return Status.SUCCESS;
  }

  private int setTimestamp(Request request) {
    int status = reply.receive(request, timestamp);
    if (status == Status.SUCCESS) {
      long value = 0;
      for (int i = TIMESTAMP_ATTRIBUTES - 1; i >= 0; i--) {
        value = value << Byte.SIZE | timestamp[i] & 0xff;
      }
      state.features.timestamp = value;
      state.features.timestampSetAt = clock.getAsLong();
      state.features.timestampSetByHost = true;
    }
    return status;
  }

  /** Nothing of what a host may support is used here; what it says is kept. */
  private int setHostBehavior(Request request) {
    byte[] wanted = new byte[state.features.hostBehavior.length];
    int status = reply.receive(request, wanted);
    if (status != Status.SUCCESS) {
      return status;
    }
    if (wanted[0] != 0 && wanted[0] != 1) {
      return request.invalid(Request.AT_DATA);
    }
    state.features.hostBehavior[0] = wanted[0];
    return Status.SUCCESS;
  }

  private int setHostIdentifier(Request request, int value) {
    // Without the extended form there is no way to the whole of it (Base, section 5.2.26.1.32).
    byte[] identifier = new byte[(value & EXTENDED_IDENTIFIER) != 0 ? 16 : Long.BYTES];
    int status = reply.receive(request, identifier);
    if (status == Status.SUCCESS) {
      Arrays.fill(state.features.hostIdentifier, (byte) 0);
      System.arraycopy(identifier, 0, state.features.hostIdentifier, 0, identifier.length);
    }
    return status;
  }
}
