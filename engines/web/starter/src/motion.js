// Players who ask their system for less motion get fewer particles, and a camera that does not shake.

const query = window.matchMedia('(prefers-reduced-motion: reduce)');

export const calm = () => query.matches;
export const few = (n) => (calm() ? Math.ceil(n / 4) : n); // particles of a burst
export const steady = (force) => (calm() ? 0 : force); // of a shake
