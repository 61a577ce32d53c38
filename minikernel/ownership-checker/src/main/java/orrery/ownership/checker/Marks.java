package orrery.ownership.checker;

import com.sun.tools.javac.code.Attribute;
import com.sun.tools.javac.code.Symbol;
import com.sun.tools.javac.code.Symbol.ClassSymbol;
import com.sun.tools.javac.code.Symbol.MethodSymbol;
import com.sun.tools.javac.code.Symbol.VarSymbol;
import com.sun.tools.javac.code.Type;
import com.sun.tools.javac.code.TypeTag;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/** What the annotations say about symbols and types; asks javac once per symbol. */
public final class Marks {
  private static final Map<String, Mark> BY_NAME = new HashMap<>();

  static {
    for (Mark mark : Mark.values()) {
      BY_NAME.put(mark.qualifiedName(), mark);
    }
  }

  private final Map<Symbol, Integer> bits = new IdentityHashMap<>();

  /** Nothing is known yet. */
  public Marks() {}

  /** True if the symbol itself carries the annotation. */
  public boolean has(Symbol symbol, Mark mark) {
    return symbol != null && (bits(symbol) & mark.bit()) != 0;
  }

  /** True if the symbol carries any of the annotations. */
  public boolean any(Symbol symbol) {
    return symbol != null && bits(symbol) != 0;
  }

  /** True if values of the type have one owner. */
  public boolean isOwned(Type type) {
    if (type == null) {
      return false;
    }
    return switch (type.getTag()) {
      case CLASS -> isOwnedClass(type);
      case TYPEVAR ->
          has(type.tsym, Mark.OWNED) || type.getUpperBound() != type && isOwned(upper(type));
      case WILDCARD -> isOwned(((Type.WildcardType) type).type);
      default -> false;
    };
  }

  private boolean isOwnedClass(Type type) {
    if (type.isCompound()) {
      for (Type part : ((Type.IntersectionClassType) type).getComponents()) {
        if (isOwned(part)) {
          return true;
        }
      }
      return false;
    }
    return has(type.tsym, Mark.OWNED);
  }

  private static Type upper(Type type) {
    Type bound = type.getUpperBound();
    return bound != null && bound.hasTag(TypeTag.CLASS) ? bound : Type.noType;
  }

  /** True if the type is owned and may stand in fields of classes that are not. */
  public boolean isHolder(Type type) {
    Attribute.Compound owned = annotation(type.tsym, Mark.OWNED);
    return owned != null && Boolean.TRUE.equals(value(owned, "holder"));
  }

  /** The annotation's {@code value}, or the empty string. */
  public String text(Symbol symbol, Mark mark) {
    Attribute.Compound found = annotation(symbol, mark);
    Object value = found == null ? null : value(found, "value");
    return value == null ? "" : value.toString();
  }

  /** True if a call gives the argument for this parameter away. */
  public boolean isMoved(MethodSymbol method, VarSymbol parameter) {
    return has(parameter, Mark.MOVE) || isRecordConstructor(method) && isOwned(parameter.type);
  }

  /** True if the call consumes its receiver. */
  public boolean consumesReceiver(Symbol method) {
    return has(method, Mark.MOVE) && !isRecordAccessor(method);
  }

  /** True if the method's owned result is a borrow. */
  public boolean lendsResult(Symbol method) {
    return has(method, Mark.BORROW) || isRecordAccessor(method);
  }

  private boolean isRecordConstructor(MethodSymbol method) {
    if (!method.isConstructor() || !(method.owner instanceof ClassSymbol c) || !c.isRecord()) {
      return false;
    }
    var components = c.getRecordComponents().iterator();
    for (VarSymbol parameter : method.params()) {
      if (!components.hasNext() || components.next().type.tsym != parameter.type.tsym) {
        return false;
      }
    }
    return !components.hasNext();
  }

  private static boolean isRecordAccessor(Symbol method) {
    if (!(method instanceof MethodSymbol m)
        || !(m.owner instanceof ClassSymbol c)
        || !c.isRecord()
        || m.isConstructor()
        || m.isStatic()
        || !m.params().isEmpty()) {
      return false;
    }
    return c.getRecordComponents().stream().anyMatch(r -> r.name == m.name);
  }

  private int bits(Symbol symbol) {
    Integer known = bits.get(symbol);
    if (known != null) {
      return known;
    }
    int found = 0;
    for (Attribute.Compound each : symbol.getAnnotationMirrors()) {
      Mark mark = BY_NAME.get(each.type.tsym.getQualifiedName().toString());
      if (mark != null) {
        found |= mark.bit();
      }
    }
    bits.put(symbol, found);
    return found;
  }

  private Attribute.Compound annotation(Symbol symbol, Mark mark) {
    if (!has(symbol, mark)) {
      return null;
    }
    for (Attribute.Compound each : symbol.getAnnotationMirrors()) {
      if (each.type.tsym.getQualifiedName().contentEquals(mark.qualifiedName())) {
        return each;
      }
    }
    return null;
  }

  private static Object value(Attribute.Compound annotation, String member) {
    for (var pair : annotation.values) {
      if (pair.fst.name.contentEquals(member)) {
        return pair.snd.getValue();
      }
    }
    return null;
  }
}
