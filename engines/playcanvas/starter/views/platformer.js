// Draws the platformer in depth: lit blocks, solid figures, a camera that runs ahead of the hero.
import { grow, tint, turn } from './app.js';
import { mix, roles } from './colors.js';
import { createFigure, createLook, walk } from './figure.js';
import { blockMaterial, createProps, glow, group, lit, meshFrom, palette, show, skin } from './materials.js';
import { createMirror } from './mirror.js';
import { named } from './paint.js';
import { createRandom } from './random.js';
import { box, ring } from './solid.js';
import { createSpring } from './spring.js';
import theme from './theme.js';
import collectFigure from './figures/collect.js';
import enemyFigure from './figures/enemy.js';
import heroFigure from './figures/hero.js';

const DEPTH = 2.6;

export function createView(stage) {
  const { eye, burst } = stage;
  const look = { collect: createLook(collectFigure, roles(palette.collect, palette.accent)), enemy: createLook(enemyFigure, roles(palette.enemy, palette.accent)) };
  const hero = createFigure(createLook(heroFigure, roles(palette.hero, palette.accent)));
  const prop = createProps();
  const rock = blockMaterial();
  const lip = named(palette, theme.top);
  const topping = [mix(lip, palette.ground, 0.35), lip];
  const hoops = [[1.15, 0.13, palette.accent], [0.8, 0.07, palette.collect], [0.5, 0.05, palette.accent]].map(([r, tube, color]) => ({ r, color, mesh: meshFrom(ring(tube / (r * 2))), material: lit({ color }) }));
  const remove = (thing) => thing.destroy();
  const items = createMirror(() => createFigure(look.collect), remove);
  const enemies = createMirror(() => createFigure(look.enemy), remove);
  const spring = createSpring();
  let meshes = []; // of the land, made for one level
  let land = null;
  let portal = null;
  let clock = 0;
  let spin = 0;
  let facing = 0;
  const focus = { x: 0, y: 0 };

  function build(world) {
    land?.destroy();
    for (const mesh of meshes) mesh.destroy();
    meshes = [];
    land = group();
    items.clear();
    enemies.clear();
    const rnd = createRandom(3);
    for (const s of world.level.solids) {
      const depth = s.thin ? 2 : DEPTH;
      put(box(s.w, s.h, depth, { size: 1.4 }), rock, s.x + s.w / 2, s.top - s.h / 2 - 0.05);
      put(box(s.w + 0.14, 0.22, depth + 0.16, { colors: topping }), skin, s.x + s.w / 2, s.top - 0.11);
      if (!s.thin) decorate(s, rnd);
    }
    portal = makePortal(world.portal);
  }

  function put(solid, material, x, y) {
    const mesh = meshFrom(solid);
    meshes.push(mesh);
    show(mesh, material, { parent: land }).setLocalPosition(x, y, -0.3);
  }

  function decorate(s, rnd) {
    for (let x = s.x + 0.7; x < s.x + s.w - 0.7; x += rnd.range(1.8, 3.6)) prop(rnd.range(1.4, 3), land).setLocalPosition(x, s.top - 0.03, rnd.range(-1.7, -1));
  }

  function makePortal(at) {
    const whole = group(land);
    whole.setLocalPosition(at.x, at.y, 0);
    const rings = hoops.map(({ r, mesh, material }) => {
      const entity = show(mesh, material, { parent: whole });
      grow(entity, r * 2);
      return entity;
    });
    const halo = glow(palette.accent, 3.6, whole);
    halo.setLocalPosition(0, 0, -0.5);
    return { rings, halo };
  }

  const view = {
    reset(world) {
      build(world);
      spring.calm();
      spin = facing = 0;
      focus.x = world.player.x + 3;
      focus.y = world.player.y + 1.5;
      hero.enabled = true;
      view.resize();
    },

    event(e, world) {
      const at = [e.x, e.y, 0.3];
      if (e.type === 'jump') spring.kick(5), burst(...at, '#ffffff', 6, 2.5);
      if (e.type === 'flip') spring.kick(4), burst(...at, palette.accent, 12, 4), (spin = Math.PI * 2);
      if (e.type === 'land') spring.kick(-Math.min(7, e.force * 0.4)), burst(...at, '#ffffff', 5, 2);
      if (e.type === 'collect') burst(...at, palette.collect, 16, 4.5);
      if (e.type === 'stomp') spring.kick(6), burst(...at, palette.enemy, 26, 6), stage.shake(0.25);
      if (e.type === 'hurt') burst(...at, palette.hero, 22, 6), stage.shake(0.55);
      if (e.type === 'open') burst(...at, palette.accent, 60, 8);
      if (e.type === 'won') for (let i = -2; i <= 2; i++) burst(e.x + i * 0.7, e.y + 0.8, 0.4, [palette.collect, palette.accent, palette.hero][(i + 2) % 3], 26, 7);
      if (e.type === 'lost') burst(world.player.x, world.player.y, 0.3, palette.hero, 40, 7);
    },

    frame(world, dt, state) {
      clock += dt;
      placeHero(world, dt, state);
      items.sync(world.level.items.filter((i) => !i.taken), (g, i) => {
        g.setLocalPosition(i.x, i.y + Math.sin(clock * 2.6 + i.x) * 0.1, 0);
        turn(g, 0, clock * 2.2 + i.x * 0.7, 0);
        grow(g, 0.66);
      });
      enemies.sync(world.level.enemies.filter((e) => !e.dead), (g, e) => {
        g.setLocalPosition(e.x, e.y + 0.08, 0.1);
        turn(g, 0, e.dir * 0.5, 0);
        g.setLocalScale(e.dir * 0.98, 0.98 + Math.sin(clock * 6 + e.from) * 0.04, 0.98);
        walk(g, clock * 9 + e.from);
      });
      const open = world.portal.open;
      portal.rings.forEach((r, i) => {
        turn(r, open ? Math.sin(clock * 2 + i) * 0.35 : 0, open ? clock * (1 + i) : 0, clock * 0.6 * (i % 2 ? -1 : 1));
        hoops[i].material.emissive = tint(hoops[i].color).mulScalar(open ? 0.6 + Math.sin(clock * 5) * 0.2 : 0.25);
        hoops[i].material.update();
      });
      portal.halo.fade(open ? 0.7 + Math.sin(clock * 5) * 0.2 : 0.12);
      moveCamera(world, dt, state);
    },

    toWorld: (x, y) => ({ x, y }),

    resize() {
      eye.z = stage.distance(stage.aspect() < 1 ? 10.5 : 16, 9.6);
      stage.reach(eye.z + 14);
    },
  };

  function placeHero(world, dt, state) {
    const p = world.player;
    const squash = spring.step(dt);
    const walking = p.onGround && Math.abs(p.vx) > 0.5;
    walk(hero, walking ? p.x * 3.4 : p.onGround ? 0 : 1.2);
    hero.setLocalPosition(p.x, p.y + 0.05 + (walking ? Math.abs(Math.sin(p.x * 3.4)) * 0.06 : 0), 0.25);
    const breathe = Math.sin(clock * 3.4) * 0.02;
    hero.setLocalScale(p.face * (1 - squash * 0.35 - breathe), 1 + squash * 0.35 + breathe, 1 - squash * 0.35);
    facing += ((state === 'title' ? 0.2 : 0.55) * p.face - facing) * Math.min(1, dt * 12);
    spin *= Math.exp(-dt * 9);
    turn(hero, 0, facing, state === 'won' ? clock * 6 : -spin * p.face);
    hero.enabled = state !== 'lost' && !(p.hurt > 0 && state === 'playing' && Math.sin(clock * 40) > 0.2);
  }

  function moveCamera(world, dt, state) {
    const p = world.player;
    const ease = 1 - Math.exp(-dt * 4);
    const reach = eye.z * stage.half * stage.aspect();
    const ahead = state === 'title' ? 4 + Math.sin(clock * 0.3) * 2 : Math.min(2.6, reach * 0.28) * p.face;
    focus.x += (p.x + ahead - focus.x) * ease;
    focus.y += (Math.max(p.y, -0.6) + 0.9 - focus.y) * ease * 0.8;
    const x = Math.max(world.level.left + reach, Math.min(world.level.right - reach, focus.x));
    eye.x = x;
    eye.y = focus.y + 1.3;
    stage.look(x, focus.y, 0);
    stage.backdrop.scroll(x);
  }

  return view;
}
