// The conductor: title, play, pause, win and lose. It steps the rules at a fixed rate, so that a game plays the same on
// every machine, and hands the world to the view for drawing. It knows nothing of the engine.
import { createInput } from './input.js';
import { steady } from './motion.js';
import { createScreen } from './screen.js';
import { createSound } from './sound.js';

const STEP = 1 / 120;

// view: { reset(world), event(event, world), frame(world, dt, state), toWorld(x, y), resize() }
export function startSession(design, rules, view) {
  const input = createInput();
  const sound = createSound(design.seed, design.pace);
  const screen = createScreen(design, rules.describe(design), rules.buttons);
  let state = 'title';
  let paused = false;
  let world = null;
  let rest = 0; // time not yet stepped
  let freeze = 0; // a short stop on a hit gives it weight
  let since = 0; // seconds in this state
  let fps = 0;
  let counted = { frames: 0, time: 0 };

  const size = () => ({ aspect: window.innerWidth / Math.max(1, window.innerHeight) });

  function newWorld() {
    world = rules.create(design, size());
    rest = freeze = 0;
    view.reset(world);
  }

  function enter(next) {
    state = next;
    since = 0;
    sound.music(next === 'playing');
    screen.show(next, world);
  }

  function begin() {
    pause(false); // a restart ends a pause, with its panel
    sound.unlock();
    newWorld();
    input.clear();
    enter('playing');
    sound.play('start');
  }

  function pause(yes) {
    if (state !== 'playing' || paused === yes) return;
    paused = yes;
    input.clear();
    sound.suspend(yes);
    screen.pause(yes);
  }

  // A click, a tap, Enter or Space goes on from wherever we are.
  function advance() {
    if (paused) return pause(false);
    if (state === 'title' || (state !== 'playing' && since > 0.5)) begin();
  }

  input.on('tap', advance);
  input.on('key', (code) => {
    if (code === 'Space' || code === 'Enter') advance();
    else if (code === 'KeyM') mute();
    else if (code === 'KeyR' && state !== 'title') begin();
    else if (code === 'KeyP' || code === 'Escape') pause(!paused);
  });
  const mute = () => screen.mute(sound.toggle());
  screen.mute(sound.muted);
  screen.on({ advance, mute, pause: () => pause(!paused), press: input.press, release: input.release });
  document.addEventListener('visibilitychange', () => document.hidden && pause(true));
  window.addEventListener('resize', () => {
    if (state === 'title') newWorld(); // the field may depend on the window's shape
  });

  newWorld();
  enter('title');

  // Called by the engine once a frame with the seconds since the last one.
  function tick(seconds) {
    const dt = Math.min(0.1, seconds);
    since += dt;
    counted.frames++;
    counted.time += seconds;
    if (counted.time > 0.5) {
      fps = counted.frames / counted.time;
      counted = { frames: 0, time: 0 };
    }
    if (state === 'playing' && !paused) {
      sound.tick();
      freeze -= dt;
      if (freeze <= 0) rest += dt * design.pace;
      while (rest >= STEP && state === 'playing') {
        rest -= STEP;
        for (const event of rules.step(world, STEP, input.read(view.toWorld))) react(event);
      }
    }
    view.frame(world, paused ? 0 : dt, state);
    screen.update(world);
    publish();
  }

  function react(event) {
    sound.play(event.type, event.n);
    view.event(event, world);
    if (event.say) screen.say(event.say);
    if (event.type === 'hurt') {
      freeze = steady(0.07);
      screen.flash();
    }
    if (event.type === 'won' || event.type === 'lost') enter(event.type);
  }

  // The hook for embedding pages and tests; see README.md.
  function publish() {
    window.__spark = {
      state,
      paused,
      muted: sound.muted,
      score: world.score,
      goal: world.goal,
      player: { x: world.player.x, y: world.player.y },
      fps: Math.round(fps),
    };
  }
  publish();
  return { tick };
}
