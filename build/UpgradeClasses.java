import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * Copies a jar and brings its old classes to today's form of class file. Those from before Java 6
 * have no stack maps (JVMS 4.7.4), so that Java's start-up cache cannot hold them: each start would
 * read, parse and verify them anew. Nothing else in them changes. Run by {@code build/set-up}.
 *
 * <p>usage: java build/UpgradeClasses.java FROM.jar TO.jar
 */
final class UpgradeClasses {
  /** The last version whose classes may do without stack maps; see JVMS 4.10. */
  private static final int LAST_WITHOUT_STACK_MAPS = ClassFile.JAVA_6_VERSION;

  private static final ClassTransform UPGRADE =
      ClassTransform.transformingMethodBodies(UpgradeClasses::copyCode)
          .andThen(ClassTransform.dropping(element -> element instanceof ClassFileVersion))
          .andThen(
              ClassTransform.endHandler(type -> type.withVersion(ClassFile.JAVA_8_VERSION, 0)));

  private UpgradeClasses() {}

  public static void main(String[] args) throws IOException {
    Path from = Path.of(args[0]);
    try (JarFile in = new JarFile(from.toFile());
        JarOutputStream out = new JarOutputStream(Files.newOutputStream(Path.of(args[1])));
        URLClassLoader classes = new URLClassLoader(new URL[] {from.toUri().toURL()})) {
      ClassFile format =
          ClassFile.of(
              StackMapsOption.GENERATE_STACK_MAPS,
              ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(classes)));
      for (JarEntry entry : Collections.list(in.entries())) {
        byte[] bytes = in.getInputStream(entry).readAllBytes();
        JarEntry copy = new JarEntry(entry.getName());
        copy.setTimeLocal(entry.getTimeLocal());
        out.putNextEntry(copy);
        out.write(entry.getName().endsWith(".class") ? upgrade(format, bytes) : bytes);
        out.closeEntry();
      }
    }
  }

  private static byte[] upgrade(ClassFile format, byte[] bytes) {
    ClassModel type = format.parse(bytes);
    return type.majorVersion() > LAST_WITHOUT_STACK_MAPS
        ? bytes
        : format.transformClass(type, UPGRADE);
  }

  /** Taken apart and put together again, for only then stack maps are made. */
  private static void copyCode(CodeBuilder code, CodeElement element) {
    code.with(element);
  }
}
