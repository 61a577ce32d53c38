package orrery.device.nvme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static orrery.device.nvme.NvmeHost.CC_STANDARD;
import static orrery.device.nvme.RegisterMap.*;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RegistersTest {
  private static final int SLOT = 1 << 15;

  private final NvmeHost host = new NvmeHost();

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  @Clause(value = "Base 3.1.4.1", demands = "CAP names what the controller can do")
  void capabilitiesAreConsistent() {
    long cap = host.window.read(NvmeHost.BAR + CAP, 8);
    assertEquals(MAX_QUEUE_ENTRIES - 1, cap & 0xffff);
    assertEquals(1, cap >>> 16 & 1, "CQR");
    assertEquals(0, cap >>> 17 & 3, "AMS");
    assertNotEquals(0, cap >>> 24 & 0xff, "TO");
    assertEquals(0, cap >>> 32 & 0xf, "DSTRD");
    assertEquals(0x41, cap >>> 37 & 0xff, "CSS");
    assertEquals(0, cap >>> 48 & 0xf, "MPSMIN");
    assertEquals(0, cap >>> 56 & 3, "PMRS, CMBS");
    assertEquals(1, cap >>> 59 & 3, "CRMS");
    assertEquals(cap & 0xffff_ffffL, host.read(CAP) & 0xffff_ffffL);
  }

  @Test
  @Clause(value = "Base 3.1.4.2", demands = "VS is the version")
  void versionIsTwo() {
    assertEquals(0x2_0000, host.read(VS));
  }

  @Test
  @Clause(value = "Base 3.1.4.21", demands = "CRTO.CRWMT is not less than CAP.TO")
  void readyTimeoutCoversCapTimeout() {
    assertTrue((host.read(CRTO) & 0xffff) >= (host.read(CAP) >>> 24 & 0xff));
  }

  @Test
  @Clause(value = "Base 3.1.4.11", demands = "CMBLOC and CMBSZ are zero without CAP.CMBS")
  void thereIsNoControllerMemoryBuffer() {
    assertEquals(0, host.read(0x38));
    assertEquals(0, host.read(0x3c));
  }

  @Test
  @Clause(value = "Base 3.1.4.6", demands = "CSTS.RDY follows CC.EN")
  void readyFollowsEnable() {
    assertEquals(0, host.read(CSTS));
    host.enable();
    assertEquals(CSTS_READY, host.read(CSTS));
    host.write(CC, CC_STANDARD);
    assertEquals(0, host.read(CSTS));
    host.enable();
    assertEquals(CSTS_READY, host.read(CSTS));
  }

  @Test
  @Clause(value = "Base 3.7.2", demands = "a controller reset keeps AQA, ASQ, ACQ, removes queues")
  void resetKeepsAdminQueueProperties() {
    host.start();
    host.write(CC, CC_STANDARD);
    assertEquals(NvmeHost.ENTRIES - 1 | NvmeHost.ENTRIES - 1 << 16, host.read(AQA));
    assertEquals(host.admin.submission, host.window.read(NvmeHost.BAR + ASQ, 8));
    assertEquals(host.admin.completion, host.window.read(NvmeHost.BAR + ACQ, 8));
    host.enable();
    host.io = host.createQueue(1, NvmeHost.ENTRIES, 1);
  }

  @Test
  @Clause(value = "Base 3.1.4.5", demands = "an impossible configuration is fatal, not obeyed")
  void impossibleConfigurationsAreFatal() {
    int[] wrong = {
      CC_STANDARD | 1 << CC_SET_SHIFT,
      CC_STANDARD | 7 << CC_SET_SHIFT,
      CC_STANDARD | 5 << CC_PAGE_SHIFT,
      CC_STANDARD | 1 << CC_ARBITRATION_SHIFT
    };
    host.enable();
    for (int configuration : wrong) {
      host.write(CC, CC_STANDARD);
      host.write(CC, configuration | CC_ENABLE);
      assertEquals(CSTS_FATAL, host.read(CSTS), Integer.toHexString(configuration));
    }
    host.write(CC, CC_STANDARD);
    assertEquals(0, host.read(CSTS));
    host.enable();
  }

  @Test
  @Clause(value = "Base 3.1.4.8", demands = "AQA, ASQ and ACQ must be usable")
  void impossibleAdminQueuesAreFatal() {
    host.write(AQA, 0);
    host.window.write(NvmeHost.BAR + ASQ, 8, NvmeHost.MEMORY);
    host.window.write(NvmeHost.BAR + ACQ, 8, NvmeHost.MEMORY);
    host.write(CC, CC_STANDARD | CC_ENABLE);
    assertEquals(CSTS_FATAL, host.read(CSTS));
    host.write(CC, CC_STANDARD);
    host.write(AQA, 7 | 7 << 16);
    host.window.write(NvmeHost.BAR + ASQ, 8, NvmeHost.MEMORY + 4096);
    host.write(CC, CC_STANDARD | 1 << CC_PAGE_SHIFT | CC_ENABLE);
    assertEquals(CSTS_FATAL, host.read(CSTS), "not aligned to pages of 8 KiB");
  }

  @Test
  @Clause(value = "Base 3.6.1", demands = "CC.SHN ends in CSTS.SHST complete")
  void shutdownCompletes() {
    host.start();
    host.write(CC, host.read(CC) | 1 << CC_SHUTDOWN_SHIFT);
    assertEquals(CSTS_SHUTDOWN_COMPLETE, host.read(CSTS) & CSTS_SHUTDOWN_MASK);
    host.admin.put(host.entry(Opcode.IDENTIFY).pages(NvmeHost.DATA, 0).dword(10, 1));
    host.admin.ring();
    assertFalse(host.admin.hasCompletion(), "commands after a shutdown");
    host.write(CC, CC_STANDARD);
    host.enable();
    assertEquals(0, host.identify(1, 0).status());
  }

  @Test
  @Clause(value = "Base 3.1.4.7", demands = "NSSR resets the subsystem and CSTS.NSSRO tells")
  void subsystemReset() {
    host.start();
    host.write(NSSR, 1);
    assertEquals(CSTS_READY, host.read(CSTS));
    host.write(NSSR, SUBSYSTEM_RESET_KEY);
    assertEquals(-1, host.read(CSTS), "nothing answers where the registers were");
    assertEquals(0, host.config.read(SLOT + 4, 2), "Command");
    assertEquals(4, host.config.read(SLOT + 0x10, 8), "the base address");
    host.plugIn();
    assertEquals(CSTS_SUBSYSTEM_RESET, host.read(CSTS));
    assertEquals(0, host.read(AQA));
    assertEquals(1, host.read(MSI_X_TABLE + 12), "a vector's mask");
    assertEquals(0, host.read(CC));
    host.write(CSTS, CSTS_SUBSYSTEM_RESET);
    assertEquals(0, host.read(CSTS));
    host.start();
    assertEquals(0, host.io.run(host.blocks(Opcode.READ, 0, 1)).status());
  }

  @Test
  @Clause(value = "Base 3.1.4.3", demands = "INTMS sets and INTMC clears bits of the mask")
  void interruptMask() {
    host.write(INTMS, 5);
    host.write(INTMS, 2);
    assertEquals(7, host.read(INTMS));
    host.write(INTMC, 4);
    assertEquals(3, host.read(INTMC));
  }

  @Test
  @Clause(value = "PCIe 6.6.2", demands = "a function level reset is a power-on")
  void functionLevelReset() {
    host.start();
    host.functionReset();
    host.plugIn();
    assertEquals(0, host.read(CSTS));
    assertEquals(0, host.read(AQA));
    host.start();
  }

  @Test
  @Clause(value = "Base 9.5", demands = "a queue out of reach is fatal until reset")
  void unreachableQueuesAreFatal() {
    host.start();
    host.mastering(false);
    host.io.put(host.blocks(Opcode.READ, 0, 1));
    host.io.ring();
    assertEquals(CSTS_FATAL, host.read(CSTS) & CSTS_FATAL);
    host.mastering(true);
    host.write(CC, CC_STANDARD);
    host.start();
    assertEquals(0, host.io.run(host.blocks(Opcode.READ, 0, 1)).status());
  }
}
