// Keeps one drawn thing for each thing in a list of the world: made when it appears, removed when it is gone.

export function createMirror(make, remove) {
  const drawn = new Map();
  return {
    sync(list, place) {
      const seen = new Set();
      for (const item of list) {
        let thing = drawn.get(item);
        if (!thing) drawn.set(item, (thing = make(item)));
        seen.add(item);
        place(thing, item);
      }
      for (const [item, thing] of drawn) {
        if (seen.has(item)) continue;
        remove(thing, item);
        drawn.delete(item);
      }
    },
    clear() {
      for (const [item, thing] of drawn) remove(thing, item);
      drawn.clear();
    },
  };
}
