package orrery.ownership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What the run-time part does with code that the checker did not see. */
class RunTimeGuardTest {
  @Owned
  private static final class Thing extends Handle {
    Thing(Census census) {
      super(census);
    }

    int look() {
      requireLive();
      return generation();
    }

    @Move
    void end() {
      retire();
    }

    void again() {
      revive();
    }

    void requireStill(int generation) {
      requireGeneration(generation);
    }
  }

  @Test
  void aDeadHandleIsRefused() {
    Thing thing = new Thing(Census.ofHandles());
    thing.end();
    assertThrows(OwnershipException.class, thing::look);
    assertThrows(OwnershipException.class, thing::end);
  }

  @Test
  void aRevivedObjectIsAnotherValue() {
    Thing thing = new Thing(Census.ofHandles());
    int old = thing.look();
    assertThrows(OwnershipException.class, thing::again);
    thing.end();
    thing.again();
    assertThrows(OwnershipException.class, () -> thing.requireStill(old));
    thing.requireStill(thing.look());
  }

  @Test
  void theCensusNamesSurvivorsAndWhereTheyWereMade() {
    Census census = Census.withBirthPlaces();
    Thing first = new Thing(census);
    Thing second = new Thing(census);
    Thing third = new Thing(census);
    second.end();
    assertEquals(2, census.live());
    assertEquals(3, census.born());
    var survivors = census.survivors();
    assertEquals(1, survivors.getFirst().serial());
    assertEquals(3, survivors.getLast().serial());
    assertEquals(
        "theCensusNamesSurvivorsAndWhereTheyWereMade",
        survivors.getFirst().birthPlace().getMethodName());
    assertTrue(survivors.getFirst().toString().startsWith("Thing #1 was never closed, made at "));
    first.end();
    third.end();
    assertEquals(0, census.live());
    assertTrue(census.survivors().isEmpty());
  }

  @Test
  void aSlotHoldsOneValue() {
    Census census = Census.ofHandles();
    Thing thing = new Thing(census);
    Slot<Thing> slot = new Slot<>(thing);
    assertThrows(OwnershipException.class, () -> slot.put(new Thing(census)));
    assertThrows(OwnershipException.class, slot::close);
    assertThrows(OwnershipException.class, () -> slot.lend(t -> slot.take()));
    assertSame(thing, slot.get());
    assertSame(thing, slot.take());
    assertNull(slot.take());
    assertThrows(OwnershipException.class, slot::get);
    assertThrows(OwnershipException.class, slot::remove);
    slot.close();
  }

  @Test
  void slotsByIndexAreEmptiedOneByOne() {
    Census census = Census.ofHandles();
    SlotArray<Thing> slots = new SlotArray<>(4);
    slots.put(1, new Thing(census));
    slots.put(3, new Thing(census));
    assertThrows(OwnershipException.class, () -> slots.put(1, new Thing(census)));
    assertThrows(IndexOutOfBoundsException.class, () -> slots.take(4));
    assertThrows(OwnershipException.class, () -> slots.remove(0));
    assertEquals(2, slots.count());
    assertNull(slots.take(0));
    slots.drain(Thing::end);
    assertEquals(0, slots.count());
    slots.close();
  }

  @Property(tries = 50)
  void aListGivesBackWhatItGotInOrder(@ForAll boolean[] adds) {
    Census census = Census.ofHandles();
    OwnedList<Thing> list = new OwnedList<>();
    var model = new java.util.ArrayDeque<Thing>();
    for (boolean add : adds) {
      if (add) {
        Thing thing = new Thing(census);
        list.addLast(thing);
        model.addLast(thing);
      } else {
        assertSame(model.pollFirst(), list.removeFirst());
      }
      assertEquals(model.size(), list.size());
    }
    list.drain(t -> assertSame(model.pollFirst(), t));
    list.close();
  }

  @Test
  void aListDoesNotChangeWhileItsValuesAreLent() {
    Census census = Census.ofHandles();
    OwnedList<Thing> list = new OwnedList<>();
    list.addLast(new Thing(census));
    assertThrows(OwnershipException.class, () -> list.forEach(t -> list.removeFirst()));
    assertThrows(OwnershipException.class, list::close);
    assertEquals(1, list.size());
  }

  @Test
  void aSpinLockIsTakenOnceAndReleasedByItsHolder() throws InterruptedException {
    SpinLock lock = new SpinLock("test");
    SpinGuard guard = lock.lock();
    assertThrows(OwnershipException.class, lock::lock);
    assertNull(lock.tryLock());
    boolean[] refused = new boolean[1];
    Thread other =
        new Thread(() -> refused[0] = assertThrows(OwnershipException.class, guard::close) != null);
    other.start();
    other.join();
    assertTrue(refused[0]);
    guard.close();
    assertFalse(lock.tryLock() == null);
  }

  @Property
  void aPartLiesWithinTheWholeOrIsRefused(@ForAll long offset, @ForAll long length) {
    long size = 4096;
    boolean fits = offset >= 0 && length >= 0 && length <= size && offset <= size - length;
    try {
      assertEquals(offset, Range.part(offset, length, size));
      assertTrue(fits);
    } catch (OutOfRangeException e) {
      assertFalse(fits);
    }
  }
}
