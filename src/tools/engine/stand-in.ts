/** Putting something of ours in the place of what the platform gives a Worker. */

/** The same thing but for these methods. */
export function inPlaceOf<Thing extends object>(thing: Thing, others: Partial<Thing>): Thing {
  return new Proxy(thing, {
    get: (_, name) => {
      if (Object.hasOwn(others, name)) return Reflect.get(others, name) as unknown;
      const value = Reflect.get(thing, name) as unknown;
      return typeof value === 'function' ? (value.bind(thing) as unknown) : value;
    },
  });
}

export function replace<Thing extends object>(thing: Thing, name: keyof Thing, value: unknown): void {
  Object.defineProperty(thing, name, { value, configurable: true });
}
