// Remembers what the player has chosen until the next visit, where the page may store anything: a page without an origin of
// its own, as in a sandboxed frame, may not, and then it is remembered as long as the page is open.

const kept = new Map();

export function recall(name) {
  try {
    return window.localStorage.getItem('spark.' + name) ?? kept.get(name);
  } catch {
    return kept.get(name);
  }
}

export function remember(name, value) {
  kept.set(name, value);
  try {
    window.localStorage.setItem('spark.' + name, value);
  } catch {
    // kept until the page is closed
  }
}
