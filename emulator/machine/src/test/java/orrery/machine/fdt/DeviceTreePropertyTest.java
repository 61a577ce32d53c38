package orrery.machine.fdt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class DeviceTreePropertyTest {
  record Node(Map<String, byte[]> properties, Map<String, Node> children) {}

  @Provide
  Arbitrary<Node> trees() {
    return nodes(2);
  }

  private static Arbitrary<Node> nodes(int depth) {
    Arbitrary<String> names =
        Arbitraries.strings()
            .withCharRange('a', 'z')
            .withChars("@,-#0")
            .ofMinLength(1)
            .ofMaxLength(9);
    Arbitrary<byte[]> values = Arbitraries.bytes().array(byte[].class).ofMaxSize(20);
    Arbitrary<Map<String, byte[]>> properties = Arbitraries.maps(names, values).ofMaxSize(4);
    Arbitrary<Map<String, Node>> children =
        depth == 0
            ? Arbitraries.just(Map.of())
            : Arbitraries.maps(names, nodes(depth - 1)).ofMaxSize(3);
    return Combinators.combine(properties, children).as(Node::new);
  }

  @Property(tries = 300)
  void whatIsBuiltIsRead(@ForAll("trees") Node node) {
    DeviceTreeBuilder builder = new DeviceTreeBuilder();
    write(builder, node);
    check(node, DeviceTree.parse(builder.build()).root());
  }

  private static void write(DeviceTreeBuilder builder, Node node) {
    node.properties.forEach(builder::bytes);
    node.children.forEach(
        (name, child) -> {
          builder.beginNode(name);
          write(builder, child);
          builder.endNode();
        });
  }

  private static void check(Node expected, DeviceTreeNode actual) {
    int properties = 0;
    for (String name : actual.properties()) {
      assertArrayEquals(expected.properties.get(name), actual.bytes(name));
      properties++;
    }
    assertEquals(expected.properties.size(), properties);
    int children = 0;
    for (DeviceTreeNode child : actual.children()) {
      assertNotNull(expected.children.get(child.name()));
      check(expected.children.get(child.name()), child);
      children++;
    }
    assertEquals(expected.children.size(), children);
  }

  @Property
  void randomBytesBehindAHeaderGiveATreeOrAnError(@ForAll @Size(max = 300) byte[] noise) {
    byte[] blob = new DeviceTreeBuilder().string("model", "x").beginNode("n").endNode().build();
    System.arraycopy(noise, 0, blob, 20, Math.min(noise.length, blob.length - 20));
    parse(blob);
  }

  @Property(tries = 300)
  void changedTreesGiveATreeOrAnError(
      @ForAll("trees") Node node, @ForAll List<@IntRange(min = 8) Integer> places) {
    DeviceTreeBuilder builder = new DeviceTreeBuilder();
    write(builder, node);
    byte[] blob = builder.build();
    for (int place : places) {
      blob[8 + place % (blob.length - 8)] ^= (byte) (1 << place % 8);
    }
    parse(blob);
  }

  private static void parse(byte[] blob) {
    try {
      walk(DeviceTree.parse(blob).root());
    } catch (DeviceTreeException e) {
      assertNotNull(e.getMessage());
    }
  }

  private static void walk(DeviceTreeNode node) {
    for (String property : node.properties()) {
      node.bytes(property);
    }
    for (DeviceTreeNode child : node.children()) {
      walk(child);
    }
  }
}
