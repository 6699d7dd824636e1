// Keyboard, mouse, touch and on-screen buttons, folded into one small object that the rules read every step.

const keys = {
  ArrowLeft: 'left', KeyA: 'left',
  ArrowRight: 'right', KeyD: 'right',
  ArrowUp: 'up', KeyW: 'up',
  ArrowDown: 'down', KeyS: 'down',
  Space: 'action', Enter: 'enter',
};

export function createInput() {
  const held = new Set();
  const fresh = new Set(); // went down since the last step
  const listeners = {};
  // Pointer positions are CSS pixels here; the session turns them into world units.
  const pointer = { x: 0, y: 0, startX: 0, startY: 0, down: false, pressed: false, released: false, touch: false };

  const press = (name) => {
    held.add(name);
    fresh.add(name);
  };
  const release = (name) => held.delete(name);
  const tell = (name, value) => listeners[name]?.(value);

  window.addEventListener('keydown', (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.target.closest?.('button') && (e.code === 'Space' || e.code === 'Enter')) return; // they press the button
    const name = keys[e.code];
    if (name) e.preventDefault(); // no scrolling of the page around the game
    if (e.repeat) return;
    if (name) press(name);
    tell('key', e.code);
  });
  window.addEventListener('keyup', (e) => keys[e.code] && release(keys[e.code]));
  window.addEventListener('blur', () => held.clear());

  window.addEventListener('pointerdown', (e) => {
    if (e.target.closest?.('button')) return;
    Object.assign(pointer, { x: e.clientX, y: e.clientY, startX: e.clientX, startY: e.clientY });
    Object.assign(pointer, { down: true, pressed: true, touch: e.pointerType !== 'mouse', swiped: false });
    tell('tap');
  });
  window.addEventListener('pointermove', (e) => {
    Object.assign(pointer, { x: e.clientX, y: e.clientY });
    if (!pointer.down || pointer.swiped) return;
    const dx = e.clientX - pointer.startX;
    const dy = e.clientY - pointer.startY;
    if (Math.max(Math.abs(dx), Math.abs(dy)) < 28) return;
    pointer.swiped = true; // one swipe for each touch
    fresh.add(Math.abs(dx) > Math.abs(dy) ? (dx > 0 ? 'swipeRight' : 'swipeLeft') : dy > 0 ? 'swipeDown' : 'swipeUp');
  });
  const up = () => {
    if (pointer.down && !pointer.swiped) fresh.add('tap');
    pointer.down = false;
    pointer.released = true;
  };
  window.addEventListener('pointerup', up);
  window.addEventListener('pointercancel', up);
  window.addEventListener('contextmenu', (e) => e.preventDefault());

  return {
    on: (name, listener) => (listeners[name] = listener),
    press,
    release,
    clear() {
      held.clear();
      fresh.clear();
      pointer.pressed = pointer.released = pointer.down = false;
    },
    // What the rules see. Pressed things are told once, then forgotten.
    read(toWorld) {
      const down = (n) => held.has(n);
      const hit = (...names) => names.some((n) => fresh.has(n));
      const input = {
        x: (down('right') ? 1 : 0) - (down('left') ? 1 : 0),
        y: (down('up') ? 1 : 0) - (down('down') ? 1 : 0),
        jump: down('up') || down('action'),
        action: down('action'),
        pressed: {
          left: hit('left', 'swipeLeft'),
          right: hit('right', 'swipeRight'),
          up: hit('up', 'swipeUp'),
          down: hit('down', 'swipeDown'),
          jump: hit('up', 'action', 'swipeUp'),
          action: hit('action', 'enter'),
          tap: hit('tap'),
        },
        pointer: { ...toWorld(pointer.x, pointer.y), down: pointer.down, pressed: pointer.pressed, released: pointer.released, touch: pointer.touch },
      };
      fresh.clear();
      pointer.pressed = pointer.released = false;
      return input;
    },
  };
}
