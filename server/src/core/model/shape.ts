/** Whether a value that was read from a store has the shape of a type. Never throws, and never goes deeper than the type does. */
export type Shape<T> = ((value: unknown) => boolean) & { readonly of?: T };

/** The shapes of all of a type's properties, the optional ones too: a property more in the type does not compile without one here. */
type Properties<T> = { readonly [K in keyof T]-?: undefined extends T[K] ? Optional<Exclude<T[K], undefined>> : Shape<T[K]> };
type Optional<T> = { readonly optional: Shape<T> };

export const text: Shape<string> = (value) => typeof value === 'string';
export const truth: Shape<boolean> = (value) => typeof value === 'boolean';
/** An offset, a line, a count. */
export const count: Shape<number> = (value) => Number.isSafeInteger(value) && (value as number) >= 0;

/** One of some values. */
export function one<T extends string | boolean>(...values: readonly T[]): Shape<T> {
  const known: ReadonlySet<unknown> = new Set(values);
  return (value) => known.has(value);
}

/** A list whose items have a shape. */
export function list<T>(item: Shape<T>): Shape<readonly T[]> {
  return (value) => Array.isArray(value) && value.every((each) => item(each));
}

/** A map of names to values of a shape. */
export function record<T>(each: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return (value) => isPlain(value) && Object.values(value).every((item) => each(item));
}

/** A property that may be absent. */
export function optional<T>(shape: Shape<T>): Optional<T> {
  return { optional: shape };
}

/** An object with these properties. Others do no harm: nothing reads them. */
export function object<T>(properties: Properties<T>): Shape<T> {
  const shapes = new Map(
    Object.entries<Shape<unknown> | Optional<unknown>>(properties as Record<string, Shape<unknown> | Optional<unknown>>),
  );
  const needed = [...shapes].filter(([, shape]) => typeof shape === 'function').map(([name]) => name);
  return (value) =>
    isPlain(value) &&
    needed.every((name) => Object.hasOwn(value, name)) &&
    Object.entries(value).every(([name, each]) => {
      const shape = shapes.get(name);
      return shape === undefined || (typeof shape === 'function' ? shape(each) : each === undefined || shape.optional(each));
    });
}

/** One of the objects that a property tells apart. */
export function oneOf<T extends { readonly kind: string }>(kinds: {
  readonly [K in T['kind']]: Shape<Extract<T, { readonly kind: K }>>;
}): Shape<T> {
  const shapes = new Map(Object.entries<Shape<unknown>>(kinds));
  return (value) => isPlain(value) && typeof value['kind'] === 'string' && shapes.get(value['kind'])?.(value) === true;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
