package orrery.kernel.abi;

/** The ioctl requests that every file may be asked. Source: Linux {@code asm-generic/ioctls.h}. */
public final class IoctlRequest {
  public static final int FIONREAD = 0x541b;
  public static final int FIONBIO = 0x5421;
  public static final int FIONCLEX = 0x5450;
  public static final int FIOCLEX = 0x5451;
  public static final int FIOASYNC = 0x5452;
  public static final int FIOQSIZE = 0x5460;

  private IoctlRequest() {}
}
