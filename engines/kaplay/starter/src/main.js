// Starts the session. KAPLAY itself is started in engine.js; the rules of the game are in rules.js, its drawing in view.js.
import { design } from './design.js';
import * as rules from './rules.js';
import { startSession } from './session.js';
import { createStage } from './stage.js';
import { createView } from './view.js';

const stage = createStage();
const view = createView(stage);
const session = startSession(design, rules, view);
stage.run((seconds) => session.tick(seconds));
stage.onResize(() => view.resize());
