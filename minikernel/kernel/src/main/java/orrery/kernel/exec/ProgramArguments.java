package orrery.kernel.exec;

import java.nio.charset.StandardCharsets;
import java.util.List;
import orrery.kernel.abi.Errno;
import orrery.kernel.abi.ErrnoException;
import orrery.kernel.memory.AddressSpace;

/** Arguments and environment of a program. */
public abstract sealed class ProgramArguments {
  /** The most strings that Linux counts (MAX_ARG_STRINGS); the stack's limit comes long before. */
  private static final int MAX_STRINGS = 1 << 22;

  private ProgramArguments() {}

  /** Those of execve(2): pointers to arrays of pointers in user memory, null for none. */
  public static ProgramArguments ofUser(AddressSpace space, long argv, long envp) {
    return new OfUser(space, argv, envp);
  }

  /** Those of the first process; one char is one byte. */
  public static ProgramArguments of(List<String> arguments, List<String> environment) {
    return new Given(arguments, environment);
  }

  /** The number of arguments; throws EFAULT, E2BIG. */
  abstract int argumentCount();

  /** The number of strings in the environment; throws EFAULT, E2BIG. */
  abstract int environmentCount();

  /** Puts argument {@code i} on the stack. */
  abstract void pushArgument(InitialStack stack, int i);

  /** Puts string {@code i} of the environment on the stack. */
  abstract void pushEnvironment(InitialStack stack, int i);

  private static final class OfUser extends ProgramArguments {
    private final AddressSpace space;
    private final long argv;
    private final long envp;

    OfUser(AddressSpace space, long argv, long envp) {
      this.space = space;
      this.argv = argv;
      this.envp = envp;
    }

    @Override
    int argumentCount() {
      return count(argv);
    }

    @Override
    int environmentCount() {
      return count(envp);
    }

    @Override
    void pushArgument(InitialStack stack, int i) {
      stack.push(space, space.readLong(argv + (long) i * Long.BYTES));
    }

    @Override
    void pushEnvironment(InitialStack stack, int i) {
      stack.push(space, space.readLong(envp + (long) i * Long.BYTES));
    }

    private int count(long array) {
      if (array == 0) {
        return 0;
      }
      int n = 0;
      while (space.readLong(array + (long) n * Long.BYTES) != 0) {
        if (++n > MAX_STRINGS) {
          throw ErrnoException.of(Errno.E2BIG);
        }
      }
      return n;
    }
  }

  private static final class Given extends ProgramArguments {
    private final List<String> arguments;
    private final List<String> environment;

    Given(List<String> arguments, List<String> environment) {
      this.arguments = arguments;
      this.environment = environment;
    }

    @Override
    int argumentCount() {
      return arguments.size();
    }

    @Override
    int environmentCount() {
      return environment.size();
    }

    @Override
    void pushArgument(InitialStack stack, int i) {
      stack.push(arguments.get(i).getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    void pushEnvironment(InitialStack stack, int i) {
      stack.push(environment.get(i).getBytes(StandardCharsets.ISO_8859_1));
    }
  }
}
