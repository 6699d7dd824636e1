// The whole game.
document.body.append("ready");
