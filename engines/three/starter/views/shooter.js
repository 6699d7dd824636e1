// Draws the shooter in depth: solid foes that turn as they fly, glowing shots, a light that travels with the hero.
import * as THREE from 'three';
import { roles } from './colors.js';
import { copy, createFigure, walk } from './figure.js';
import { createMirror } from './mirror.js';
import { glowSprite, palette } from './stage.js';
import collectFigure from './figures/collect.js';
import enemyFigure from './figures/enemy.js';
import heartFigure from './figures/heart.js';
import heroFigure from './figures/hero.js';

export function createView(stage) {
  const { scene, camera, burst } = stage;
  const look = {
    enemy: createFigure(enemyFigure, roles(palette.enemy, palette.accent)),
    collect: createFigure(collectFigure, roles(palette.collect, palette.accent)),
    heart: createFigure(heartFigure, roles('#ff4d6d', '#ffffff')),
  };
  const hero = createFigure(heroFigure, roles(palette.hero, palette.accent));
  const lamp = new THREE.PointLight(palette.accent, 14, 9);
  const aura = glowSprite(palette.accent, 2.4);
  const flame = glowSprite(palette.collect, 1);
  const boss = copy(look.enemy);
  scene.add(hero, lamp, aura, flame, boss);

  const add = (thing) => (scene.add(thing), thing);
  const remove = (thing) => scene.remove(thing);
  const glowing = (color) => new THREE.MeshBasicMaterial({ color, toneMapped: false });
  const beam = new THREE.CapsuleGeometry(0.09, 0.5, 4, 8).rotateZ(Math.PI / 2);
  const bead = new THREE.SphereGeometry(0.2, 14, 10);
  const [beamLook, beadLook] = [glowing(palette.accent), glowing('#ff5a4d')];
  const halo = glowSprite('#ff5a4d', 0.95);
  const shots = createMirror(() => add(new THREE.Mesh(beam, beamLook)), remove);
  const bullets = createMirror(() => {
    const mesh = add(new THREE.Mesh(bead, beadLook));
    mesh.add(halo.clone());
    return mesh;
  }, remove);
  const foes = createMirror(() => add(copy(look.enemy)), remove);
  const items = createMirror((i) => add(copy(i.heart ? look.heart : look.collect)), remove);
  const dust = makeDust(scene);
  let field = { w: 20, h: 12 };
  let clock = 0;
  let far = 0;
  let bank = 0;

  const view = {
    reset(world) {
      [shots, bullets, foes, items].forEach((m) => m.clear());
      field = { w: world.w, h: world.h };
      boss.visible = false;
      hero.visible = true;
      view.resize();
    },

    event(e) {
      const at = [e.x, e.y, 0.2];
      if (e.type === 'shoot') burst(...at, palette.accent, 2, 2);
      if (e.type === 'spark') burst(...at, '#ffffff', 4, 3);
      if (e.type === 'collect') burst(...at, palette.collect, 10, 4);
      if (e.type === 'power' || e.type === 'heart') burst(...at, palette.accent, 30, 7);
      if (e.type === 'burst') {
        burst(...at, palette.enemy, e.big ? 90 : 18, e.big ? 11 : 6);
        burst(...at, '#ffd27a', e.big ? 60 : 10, e.big ? 8 : 5);
        stage.shake(e.big ? 0.7 : 0.12);
      }
      if (e.type === 'hurt') burst(...at, palette.hero, 34, 7), stage.shake(0.6);
      if (e.type === 'alarm') stage.shake(0.4);
      if (e.type === 'lost') hero.visible = false;
    },

    frame(world, dt, state) {
      clock += dt;
      far += dt * (state === 'playing' ? 7 : 3.5);
      stage.backdrop.scroll(far * 1.6);
      dust(dt * (state === 'playing' ? 1 : 0.5), field);
      const p = world.player;
      const bob = state === 'playing' ? 0 : Math.sin(clock * 2) * 0.25;
      bank += (p.vy * 0.06 - bank) * Math.min(1, dt * 10);
      walk(hero, clock * 12);
      hero.position.set(p.x, p.y + bob, 0);
      hero.rotation.set(-bank, 0.3, bank * 0.5);
      hero.scale.setScalar(1.15);
      if (state === 'playing') hero.visible = !(p.hurt > 0 && Math.sin(clock * 40) > 0.2);
      for (const light of [lamp, aura, flame]) light.visible = state !== 'lost';
      lamp.position.set(p.x + 0.6, p.y, 1.6);
      aura.position.set(p.x, p.y + bob, -0.6);
      aura.material.opacity = 0.12 + 0.08 * p.power;
      flame.position.set(p.x - 0.85, p.y + bob - 0.02, 0.1);
      flame.scale.set(1.5 + Math.random() * 0.5, 0.5 + Math.random() * 0.14, 1);

      const put = (g, o) => g.position.set(o.x, o.y, 0);
      shots.sync(world.shots, put);
      bullets.sync(world.bullets, put);
      foes.sync(world.foes, (g, f) => {
        f.flash -= dt;
        put(g, f);
        walk(g, clock * 12 + f.id);
        g.rotation.set(0, -0.4 + Math.sin(clock * 2 + f.id) * 0.3, Math.sin(clock * 3 + f.id) * 0.12);
        const size = (f.kind === 'guard' ? 1.3 : 1.05) * (f.flash > 0 ? 1.22 : 1);
        g.scale.set(-size, size, size);
      });
      items.sync(world.items, (g, i) => {
        put(g, i);
        g.rotation.y = clock * 3 + i.id;
        g.scale.setScalar(0.62);
      });
      boss.visible = !!world.boss && state !== 'won';
      if (!world.boss) return;
      world.boss.flash -= dt;
      put(boss, world.boss);
      walk(boss, clock * 8);
      boss.rotation.set(Math.sin(clock) * 0.15, -0.45 + Math.sin(clock * 0.9) * 0.25, 0);
      const size = 3.4 + (world.boss.flash > 0 ? 0.14 : 0) + Math.sin(clock * 3) * 0.06;
      boss.scale.set(-size, size, size);
    },

    toWorld: (x, y) => stage.point(x, y),

    resize() {
      const [x, y] = [field.w / 2, field.h / 2];
      camera.position.set(x, y, stage.distance(field.w, field.h));
      camera.lookAt(x, y, 0);
      stage.light(x, y, 0, 14);
    },
  };
  return view;
}

// Streaks that rush by show the speed.
function makeDust(scene) {
  const n = 46;
  const mesh = new THREE.InstancedMesh(new THREE.BoxGeometry(1.1, 0.022, 0.022), new THREE.MeshBasicMaterial({ color: palette.text, transparent: true, opacity: 0.35 }), n);
  mesh.frustumCulled = false;
  scene.add(mesh);
  const at = Array.from({ length: n }, () => ({ x: Math.random() * 40 - 8, y: Math.random(), z: -6 + Math.random() * 5, v: 9 + Math.random() * 16 }));
  const matrix = new THREE.Matrix4();
  return (dt, field) => {
    at.forEach((d, i) => {
      d.x -= d.v * dt;
      if (d.x < -9) Object.assign(d, { x: field.w + 9, y: Math.random() });
      mesh.setMatrixAt(i, matrix.makeTranslation(d.x, d.y * (field.h + 8) - 4, d.z));
    });
    mesh.instanceMatrix.needsUpdate = true;
  };
}
