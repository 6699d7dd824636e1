// {{genre}}: {{hero}} gathers each {{collect}} and keeps away from every {{enemy}}.
const design = {{design}};
const box = document.getElementById("box");
const pen = box.getContext("2d");
let x = 20, score = 0, goal = 200;
addEventListener("keydown", (e) => {
  if (e.key === "ArrowRight") x = Math.min(300, x + 8 * design.pace);
  if (e.key === "ArrowLeft") x = Math.max(0, x - 8 * design.pace);
});
function draw() {
  if (Math.abs(x - goal) < 10) {
    score++;
    goal = (goal * 7 + 61) % 300;
  }
  pen.fillStyle = {{color_sky|json}};
  pen.fillRect(0, 0, 320, 240);
  pen.fillStyle = {{color_collect|json}};
  pen.fillRect(goal, 104, 12, 12);
  pen.fillStyle = {{color_hero|json}};
  pen.fillRect(x, 100, 20, 20);
  pen.fillText({{title|json}} + ": " + score, 8, 16);
  requestAnimationFrame(draw);
}
draw();
