// Everything that is text: title, score, hearts, messages. Plain HTML over the canvas stays sharp at any size. The style
// sheet is made in code, so that the game also runs where inline styles are forbidden.
import { alpha, brightness, darker, lighter, roles } from './colors.js';
import { canvas, paintFigure } from './paint.js';
import collect from './figures/collect.js';
import hero from './figures/hero.js';
import heart from './figures/heart.js';

export function createScreen(design, text, buttons) {
  const p = design.palette;
  document.adoptedStyleSheets = [sheet(p)];
  const root = add(document.body, 'div', 'screen');

  const hud = add(root, 'div', 'hud');
  const left = add(hud, 'div', 'chip');
  icon(left, collect, roles(p.collect, p.accent), 30);
  const count = add(left, 'b');
  const bar = add(add(left, 'div', 'bar'), 'i');
  const middle = add(hud, 'div', 'chip moves');
  const right = add(hud, 'div', 'chip hearts');
  const tools = add(root, 'div', 'tools');
  const pauseButton = button(tools, 'Ⅱ', 'Pause (P)', 'stop');
  const muteButton = button(tools, '♪', 'Mute (M)');

  const toast = add(root, 'div', 'toast');
  const veil = add(root, 'div', 'veil');
  const panel = add(root, 'div', 'panel');
  panel.setAttribute('role', 'status');
  let goOn = () => {};
  const goButton = (label) => button(panel, label, label, 'go').addEventListener('click', () => goOn());
  const pads = add(root, 'div', 'pads');
  const touches = buttons.map((name) => button(pads, { left: '◀', right: '▶', jump: '▲' }[name], name, 'pad ' + name));
  for (const b of touches) b.tabIndex = -1; // for fingers: the keyboard has arrows

  const go = window.matchMedia('(pointer: coarse)').matches ? 'Tap' : 'Press Space or click';
  let shown = '';
  let hearts = -1;
  let scoreShown = -1;

  function title() {
    icon(panel, hero, roles(p.hero, p.accent), 132, 'hero');
    const h = add(panel, 'h1', '', design.title);
    h.style.setProperty('--letters', Math.max(9, Math.min(26, design.title.length)));
    add(panel, 'p', 'goal', text.goal);
    const how = add(panel, 'dl', 'how');
    for (const [key, what] of text.how) {
      add(how, 'dt', '', key);
      add(how, 'dd', '', what);
    }
    add(panel, 'p', 'touch', text.touch);
    goButton(`${go} to play`);
    add(panel, 'p', 'small', 'M sound · P pause · R restart');
  }

  function end(won, world) {
    icon(panel, won ? collect : hero, won ? roles(p.collect, p.accent) : roles(p.hero, p.accent), 120, won ? 'hero' : 'hero sad');
    add(panel, 'h1', '', won ? 'You win!' : 'Game over').style.setProperty('--letters', 10);
    add(panel, 'p', 'goal', won ? text.won : text.lost);
    const time = `${Math.floor(world.time / 60)}:${String(Math.floor(world.time % 60)).padStart(2, '0')}`;
    add(panel, 'p', 'result', `${world.score} of ${world.goal} · ${time}`);
    goButton(`${go} to ${won ? 'play' : 'try'} again`);
  }

  return {
    show(state, world) {
      panel.replaceChildren();
      root.className = 'screen ' + state;
      for (const c of document.querySelectorAll('canvas')) {
        if (!root.contains(c)) Object.entries({ role: 'img', 'aria-label': `${design.title}: ${text.goal}` }).forEach((a) => c.setAttribute(...a));
      }
      if (state === 'title') title();
      else if (state !== 'playing') end(state === 'won', world);
    },
    pause(yes) {
      panel.replaceChildren();
      root.classList.toggle('paused', yes);
      if (!yes) return;
      add(panel, 'h1', '', 'Paused').style.setProperty('--letters', 9);
      goButton(`${go} to go on`);
    },
    update(world) {
      if (world.score !== scoreShown) {
        scoreShown = world.score;
        count.textContent = `${world.score} / ${world.goal}`;
        bar.style.transform = `scaleX(${Math.min(1, world.score / world.goal)})`;
        left.classList.remove('bump');
        void left.offsetWidth; // lets the animation start over
        if (world.score) left.classList.add('bump');
      }
      if (world.boss) text.middle = `Boss ${Math.max(0, Math.ceil((100 * world.boss.hp) / world.boss.full))} %`;
      else text.middle = world.moves === undefined ? '' : `${world.moves} moves`;
      if (shown !== text.middle) {
        middle.textContent = shown = text.middle;
        middle.classList.toggle('low', world.moves <= 5);
      }
      middle.hidden = !text.middle;
      right.hidden = world.maxHearts === undefined;
      if (world.hearts !== hearts && !right.hidden) {
        hearts = world.hearts;
        right.replaceChildren();
        for (let i = 0; i < world.maxHearts; i++) {
          const c = icon(right, heart, i < hearts ? roles('#ff4d6d', '#ffffff') : roles('#5b5f73', '#888888'), 26);
          if (i >= hearts) c.className = 'gone';
        }
      }
    },
    say(message) {
      toast.textContent = message;
      toast.classList.remove('on');
      void toast.offsetWidth;
      toast.classList.add('on');
    },
    flash() {
      veil.classList.remove('hit');
      void veil.offsetWidth;
      veil.classList.add('hit');
    },
    mute(muted) {
      muteButton.classList.toggle('off', muted);
      muteButton.setAttribute('aria-pressed', muted);
    },
    on({ advance, mute, pause, press, release }) {
      goOn = advance;
      // Who clicks goes on with the keys of the game; who uses the keyboard stays on the button.
      const clicked = (b, act) => b.addEventListener('click', (e) => (act(), e.detail && b.blur()));
      clicked(muteButton, mute);
      clicked(pauseButton, pause);
      touches.forEach((b, i) => {
        const name = buttons[i] === 'jump' ? 'up' : buttons[i];
        b.addEventListener('pointerdown', (e) => (b.setPointerCapture(e.pointerId), press(name)));
        for (const over of ['pointerup', 'pointercancel']) b.addEventListener(over, () => release(name));
      });
    },
  };
}

function add(parent, tag, name = '', content = '') {
  const e = document.createElement(tag);
  e.className = name;
  e.textContent = content; // never HTML: the words may come from anyone
  parent.append(e);
  return e;
}

function button(parent, label, hint, name = '') {
  const b = add(parent, 'button', name, label);
  b.type = 'button';
  b.setAttribute('aria-label', hint);
  return b;
}

function icon(parent, figure, colors, size, name = '') {
  const c = canvas(size * 2, size * 2);
  c.className = name;
  c.ariaHidden = true;
  c.style.width = c.style.height = size + 'px';
  const ctx = c.getContext('2d');
  ctx.translate(size, size);
  paintFigure(ctx, figure, colors, size * 1.3);
  parent.append(c);
  return c;
}

function sheet(p) {
  const dark = brightness(p.sky) + brightness(p.skyLow) < 1.1;
  const ink = dark ? '#ffffff' : '#1b1530';
  const glass = dark ? alpha(darker(p.sky, 0.55), 0.76) : alpha(lighter(p.sky, 0.75), 0.86);
  const bright = dark ? lighter(p.accent, 0.35) : darker(p.accent, 0.45);
  const s = new CSSStyleSheet();
  s.replaceSync(`
    html, body { margin: 0; height: 100%; overflow: hidden; background: ${p.sky}; touch-action: none; user-select: none; -webkit-user-select: none; }
    canvas { display: block; }
    .screen { position: fixed; inset: 0; pointer-events: none; color: ${ink}; font: 600 17px/1.35 ui-rounded, "Baloo 2", "Nunito", "Trebuchet MS", system-ui, sans-serif; overflow: hidden; }
    .screen [hidden] { display: none; }
    .hud { position: absolute; inset: max(10px, env(safe-area-inset-top)) 10px auto 10px; display: flex; gap: 8px; align-items: center; flex-wrap: wrap; padding-right: 100px; transition: opacity .3s; }
    .title .hud { opacity: 0; } .screen:not(.playing) .stop { visibility: hidden; }
    .chip { display: flex; align-items: center; gap: 8px; padding: 5px 14px 5px 8px; min-height: 30px; border-radius: 99px; background: ${glass}; font-size: 18px; font-variant-numeric: tabular-nums; }
    .chip.moves { padding-left: 14px; } .chip.moves.low { color: #ff5470; }
    .chip.hearts { gap: 2px; padding-right: 8px; } .gone { opacity: .45; }
    .bar { width: 74px; height: 9px; border-radius: 9px; overflow: hidden; background: ${alpha(ink, 0.2)}; }
    .bar i { display: block; height: 100%; background: ${p.collect}; transform-origin: left; transform: scaleX(0); transition: transform .25s cubic-bezier(.3,1.6,.6,1); }
    .bump { animation: bump .25s; }
    .tools { position: absolute; top: max(10px, env(safe-area-inset-top)); right: 10px; display: flex; gap: 8px; }
    button { pointer-events: auto; width: 40px; height: 40px; border: 0; border-radius: 50%; background: ${glass}; color: ${ink}; font: inherit; cursor: pointer; touch-action: none; }
    button:focus-visible { outline: 3px solid ${ink}; outline-offset: 3px; }
    button.off { opacity: .45; text-decoration: line-through; }
    .toast { position: absolute; top: 17%; left: 50%; transform: translateX(-50%); padding: 8px 22px; border-radius: 99px; background: ${glass}; font-size: 22px; white-space: nowrap; opacity: 0; }
    .toast.on { animation: toast 1.7s; }
    .veil { position: absolute; inset: 0; opacity: 0; background: radial-gradient(transparent 40%, #ff2348cc); }
    .veil.hit { animation: hit .5s; }
    .panel { position: absolute; top: 50%; left: 50%; transform: translate(-50%, -50%); width: min(600px, 92vw); max-height: 96vh; box-sizing: border-box; padding: 22px 26px; text-align: center; border-radius: 28px; background: ${glass}; box-shadow: 0 18px 60px ${alpha(darker(p.sky, 0.7), 0.5)}, inset 0 0 0 2px ${alpha(bright, 0.35)}; animation: enter .45s cubic-bezier(.2,1.4,.5,1); }
    .playing:not(.paused) .panel { display: none; }
    .panel canvas { margin: 0 auto -6px; }
    .panel .hero { animation: float 2.4s ease-in-out infinite; } .panel .sad { filter: grayscale(.6); }
    h1 { margin: 0 0 8px; font-size: clamp(26px, calc(min(520px, 80vw) / var(--letters) * 1.62), 62px); line-height: 1.06; font-weight: 800; letter-spacing: -.01em; color: ${bright}; text-shadow: 0 2px 0 ${alpha(darker(p.sky, 0.6), dark ? 0.9 : 0.15)}; overflow-wrap: anywhere; display: -webkit-box; -webkit-line-clamp: 3; -webkit-box-orient: vertical; overflow: hidden; padding-bottom: .06em; }
    .panel p { margin: 0 auto 12px; } .goal { max-width: 30em; font-size: 18px; text-wrap: balance; }
    .result { font-size: 26px; font-variant-numeric: tabular-nums; }
    .how { display: grid; grid-template-columns: auto auto; justify-content: center; gap: 5px 14px; margin: 0 0 14px; text-align: left; font-size: 15px; align-items: center; }
    .how dt { justify-self: end; padding: 1px 10px; border-radius: 8px; background: ${alpha(ink, 0.14)}; white-space: nowrap; } .how dd { margin: 0; }
    .touch { display: none; font-size: 15px; }
    .go { width: auto; height: auto; display: inline-block; margin: 0 0 12px; padding: 10px 24px; border-radius: 99px; background: ${bright}; color: ${dark ? '#14101f' : '#ffffff'}; font-size: 19px; line-height: 1.35; animation: pulse 1.3s ease-in-out infinite; }
    .panel .small { margin: 0; font-size: 13px; opacity: .75; }
    .pads { position: absolute; inset: auto 12px max(14px, env(safe-area-inset-bottom)); display: none; }
    .pad { width: 74px; height: 74px; font-size: 26px; margin-right: 12px; opacity: .8; } .pad.jump { float: right; margin: 0; }
    @media (pointer: coarse) { .playing .pads { display: block; } .touch { display: block; } .how { display: none; } .title .small { display: none; } }
    @media (max-height: 560px) { .panel .hero { display: none; } .panel { padding: 14px 22px; } .panel p, .how { margin-bottom: 8px; } }
    @media (max-width: 480px) { .bar { width: 44px; } .how { font-size: 14px; gap: 5px 10px; } .panel { padding: 18px 16px; } .chip { font-size: 16px; } .goal { font-size: 17px; } }
    @keyframes bump { 40% { transform: scale(1.13); } }
    @keyframes pulse { 50% { transform: scale(1.05); } }
    @keyframes float { 50% { transform: translateY(-8px) rotate(2deg); } }
    @keyframes enter { from { opacity: 0; transform: translate(-50%, -44%) scale(.9); } }
    @keyframes hit { from { opacity: 1; } }
    @keyframes toast { 0% { opacity: 0; transform: translate(-50%, 12px) scale(.7); } 12%, 75% { opacity: 1; transform: translate(-50%, 0); } 100% { opacity: 0; transform: translate(-50%, -10px); } }
    @media (prefers-reduced-motion: reduce) {
      .panel, .panel .hero, .go, .bump { animation: none; }
      .veil { background: radial-gradient(transparent 60%, #ff234866); }
      .bar i, .hud { transition: none; }
    }
  `);
  return s;
}
