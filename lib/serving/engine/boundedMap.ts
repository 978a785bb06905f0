/** A map that forgets what was asked for longest ago once it is full. */
export function boundedMap<V>(most: number): {
  get(key: string, make: () => V): V;
  find(key: string): V | undefined;
  set(key: string, value: V): void;
} {
  const held = new Map<string, V>();
  const find = (key: string): V | undefined => {
    const value = held.get(key);
    if (value !== undefined) {
      held.delete(key);
      held.set(key, value);
    }
    return value;
  };
  const set = (key: string, value: V): void => {
    held.set(key, value);
    if (held.size > most) held.delete(held.keys().next().value as string);
  };
  return {
    find,
    set,
    get(key, make) {
      const known = find(key);
      if (known !== undefined) return known;
      const value = make();
      set(key, value);
      return value;
    },
  };
}
