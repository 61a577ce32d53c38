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
import java.lang.classfile.attribute.ModuleAttribute;
import java.lang.constant.ModuleDesc;
import java.lang.constant.PackageDesc;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * Copies a jar and brings it to a form that Java's start-up cache can hold. Classes from before
 * Java 6 have no stack maps (JVMS 4.7.4): each start would read, parse and verify them anew. A jar
 * that only names its module has no descriptor (JVMS 4.7.25): each start would search all of the
 * jars to resolve their graph. Nothing else changes. Run by {@code build/set-up}.
 *
 * <p>usage: java build/UpgradeJar.java FROM.jar TO.jar
 */
final class UpgradeJar {
  /** The last version whose classes may do without stack maps; see JVMS 4.10. */
  private static final int LAST_WITHOUT_STACK_MAPS = ClassFile.JAVA_6_VERSION;

  private static final ClassTransform UPGRADE =
      ClassTransform.transformingMethodBodies(UpgradeJar::copyCode)
          .andThen(ClassTransform.dropping(element -> element instanceof ClassFileVersion))
          .andThen(
              ClassTransform.endHandler(type -> type.withVersion(ClassFile.JAVA_8_VERSION, 0)));

  private UpgradeJar() {}

  public static void main(String[] args) throws IOException {
    Path from = Path.of(args[0]);
    try (JarFile in = new JarFile(from.toFile());
        JarOutputStream out = new JarOutputStream(Files.newOutputStream(Path.of(args[1])));
        URLClassLoader classes = new URLClassLoader(new URL[] {from.toUri().toURL()})) {
      ClassFile format =
          ClassFile.of(
              StackMapsOption.GENERATE_STACK_MAPS,
              ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(classes)));
      ModuleDescriptor module = ModuleFinder.of(from).findAll().iterator().next().descriptor();
      if (module.isAutomatic()) {
        out.putNextEntry(new JarEntry("module-info.class"));
        out.write(descriptor(module));
        out.closeEntry();
      }
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

  /** Exports everything and needs nothing but java.base; a jar that needs more will not start. */
  private static byte[] descriptor(ModuleDescriptor named) {
    return ClassFile.of()
        .buildModule(
            ModuleAttribute.of(
                ModuleDesc.of(named.name()),
                module -> {
                  module.requires(ModuleDesc.of("java.base"), ClassFile.ACC_MANDATED, null);
                  new TreeSet<>(named.packages())
                      .forEach(one -> module.exports(PackageDesc.of(one), 0));
                }));
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
