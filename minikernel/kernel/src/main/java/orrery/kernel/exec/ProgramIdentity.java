package orrery.kernel.exec;

/** Who executes a program: real and effective ids. */
public record ProgramIdentity(int uid, int effectiveUid, int gid, int effectiveGid) {
  private static final int S_ISUID = 04000;
  private static final int S_ISGID = 02000;
  private static final int S_IXGRP = 00010;

  /** As the set-user-id and set-group-id bits of {@code file} make it. */
  ProgramIdentity executing(ProgramFile file) {
    int mode = file.mode();
    boolean setGid = (mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP);
    return new ProgramIdentity(
        uid,
        (mode & S_ISUID) != 0 ? file.uid() : effectiveUid,
        gid,
        setGid ? file.gid() : effectiveGid);
  }

  /** True if the program has rights that its user has not (AT_SECURE). */
  boolean isSecure() {
    return uid != effectiveUid || gid != effectiveGid;
  }
}
