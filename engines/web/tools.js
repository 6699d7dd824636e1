// What the page does for a game on its canvas: buttons to pause and to mute, which fingers, the Tab key and screen readers
// find, and what the player prefers. The buttons are there for games that say in window.__spark whether they are muted; they
// press P and M. Whether it was muted is remembered where the page may store anything.
const sparkPage = (() => {
  const stored = { get: () => localStorage.getItem('spark.muted'), set: (v) => localStorage.setItem('spark.muted', v) };
  const attempt = (act) => {
    try {
      return act();
    } catch {
      return null; // a page without an origin of its own may store nothing
    }
  };
  const prefers = {
    touch: matchMedia('(pointer: coarse)').matches,
    calm: matchMedia('(prefers-reduced-motion: reduce)').matches,
    muted: attempt(stored.get) === 'yes',
  };

  // Older engines look at the key's number.
  const key = (code, number) => {
    for (const type of ['keydown', 'keyup']) {
      const event = new KeyboardEvent(type, { code, key: code.slice(3).toLowerCase(), bubbles: true, cancelable: true });
      for (const name of ['keyCode', 'which']) Object.defineProperty(event, name, { value: number });
      (document.querySelector('canvas') ?? window).dispatchEvent(event);
    }
  };

  let bar = null;
  const button = (label, name, act) => {
    const b = document.createElement('button');
    b.type = 'button';
    b.textContent = label;
    b.setAttribute('aria-label', name);
    // Who clicks goes on with the keys of the game; who uses the keyboard stays on the button.
    b.addEventListener('click', (event) => {
      act();
      if (event.detail) document.querySelector('canvas')?.focus();
    });
    bar.append(b);
    return b;
  };
  let pause, mute, shown;
  const build = () => {
    const style = document.createElement('style');
    style.textContent = `
      #tools { position: fixed; z-index: 1; top: max(10px, env(safe-area-inset-top)); right: 10px; display: flex; gap: 8px; }
      #tools button { width: 42px; height: 42px; border: 0; border-radius: 50%; padding: 0; background: #0009; color: #fff; font: 600 18px system-ui, sans-serif; cursor: pointer; touch-action: none; user-select: none; }
      #tools button[aria-pressed=true] { text-decoration: line-through; color: #fff9; }
      #tools button:focus-visible { outline: 3px solid #fff; outline-offset: 2px; box-shadow: 0 0 0 7px #000; }`;
    document.head.append(style);
    bar = document.createElement('div');
    bar.id = 'tools';
    document.body.append(bar);
    pause = button('Ⅱ', 'Pause (P)', () => key('KeyP', 80));
    mute = button('♪', 'Mute (M)', () => key('KeyM', 77));
    // The engine would take these keys for itself: Tab goes to the buttons, and a button is pressed with Space and Enter.
    for (const type of ['keydown', 'keyup', 'keypress']) {
      window.addEventListener(type, (event) => {
        const onButton = bar.contains(document.activeElement);
        if (event.code === 'Tab' || (onButton && (event.code === 'Space' || event.code === 'Enter'))) event.stopImmediatePropagation();
      }, true);
    }
    const canvas = document.querySelector('canvas');
    canvas?.setAttribute('role', 'img');
    canvas?.setAttribute('aria-label', document.title);
  };
  const look = () => {
    requestAnimationFrame(look);
    const now = window.__spark;
    if (typeof now?.muted !== 'boolean') return;
    if (!bar) build();
    const state = `${now.state} ${now.paused} ${now.muted}`;
    if (state === shown) return;
    shown = state;
    pause.hidden = now.state !== 'playing';
    pause.setAttribute('aria-pressed', now.paused);
    mute.setAttribute('aria-pressed', now.muted);
    if (now.muted !== prefers.muted) attempt(() => stored.set(now.muted ? 'yes' : 'no'));
    prefers.muted = now.muted;
  };
  requestAnimationFrame(look);
  return prefers;
})();
window.__sparkPrefers = sparkPage;
