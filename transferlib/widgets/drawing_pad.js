// A sheet of 32 × 32 pixels to draw a digit on. `value` is its ink: the pixels row by row, eight to a byte, in base 64.

const SIDE = 32, SCALE = 6, BRUSH = 1.7, HOW =
  "Draw a digit with mouse, finger or pen. By keyboard: arrows move, the space bar lowers and lifts the pen, Delete clears.";

function pack(ink) {
  if (!ink.includes(1)) return "";
  const bytes = Array.from({ length: ink.length / 8 }, (_, i) => ink.slice(8 * i, 8 * i + 8).reduce((byte, bit) => 2 * byte + bit, 0));
  return btoa(String.fromCharCode(...bytes));
}

function unpack(value) {
  const bits = [...atob(value)].flatMap((letter) => [...letter.charCodeAt(0).toString(2).padStart(8, "0")].map(Number));
  return bits.length ? bits : Array(SIDE * SIDE).fill(0);
}

function render({ model, el }) {
  const canvas = document.createElement("canvas"), clear = document.createElement("button");
  clear.textContent = "Clear";
  clear.className = "jupyter-button";
  canvas.width = canvas.height = SIDE * SCALE;
  canvas.tabIndex = 0;
  canvas.title = HOW;
  for (const [name, value] of Object.entries({ role: "application", "aria-label": HOW })) canvas.setAttribute(name, value);
  canvas.style = "background: white; border: 1px solid #888; touch-action: none; cursor: crosshair; margin: 2px 6px 2px 2px";
  el.append(canvas, clear);

  const pen = { x: SIDE / 2, y: SIDE / 2, down: false };
  let ink = unpack(model.get("value")), sent = model.get("value"), soon = 0;

  function show() {
    const sheet = canvas.getContext("2d");
    sheet.clearRect(0, 0, canvas.width, canvas.height);
    sheet.fillStyle = "#767676";
    sheet.textAlign = "center";
    sheet.font = "14px sans-serif";
    if (!ink.includes(1)) sheet.fillText("draw a digit here", canvas.width / 2, canvas.height / 2);
    sheet.fillStyle = "black";
    ink.forEach((dark, i) => dark && sheet.fillRect((i % SIDE) * SCALE, Math.floor(i / SIDE) * SCALE, SCALE, SCALE));
    if (document.activeElement !== canvas) return;
    sheet.strokeStyle = pen.down ? "#D55E00" : "#0072B2"; // where the pen is, for those who draw by keyboard
    sheet.lineWidth = 2;
    sheet.strokeRect((pen.x - BRUSH) * SCALE, (pen.y - BRUSH) * SCALE, 2 * BRUSH * SCALE, 2 * BRUSH * SCALE);
  }
  function send() {
    soon = clearTimeout(soon);
    if (pack(ink) === sent) return;
    model.set("value", (sent = pack(ink)));
    model.save_changes();
  }
  function to(x, y) {
    const steps = Math.ceil(2 * Math.hypot(x - pen.x, y - pen.y)) || 1;
    for (let step = 1; pen.down && step <= steps; step++) {
      const at = [pen.x + ((x - pen.x) * step) / steps, pen.y + ((y - pen.y) * step) / steps];
      ink = ink.map((dark, i) => +(dark || Math.hypot((i % SIDE) + 0.5 - at[0], Math.floor(i / SIDE) + 0.5 - at[1]) < BRUSH));
    }
    Object.assign(pen, { x, y });
    show();
    if (pen.down) soon ||= setTimeout(send, 200); // while a line is drawn, five answers a second are plenty
  }
  function lift() {
    pen.down = false;
    show();
    send();
  }
  function wipe() {
    ink = unpack("");
    show();
    send();
  }
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * SIDE, ((event.clientY - box.top) / box.height) * SIDE];
  };
  canvas.onpointerdown = (event) => {
    canvas.setPointerCapture(event.pointerId);
    [pen.x, pen.y] = place(event);
    pen.down = true;
    to(pen.x, pen.y);
  };
  canvas.onpointermove = (event) => event.buttons && to(...place(event));
  canvas.onpointerup = canvas.onpointercancel = canvas.onblur = lift;
  canvas.onkeydown = (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1], " ": [0, 0] }[event.key];
    if (event.key === "Delete") wipe();
    if (!step) return;
    event.preventDefault();
    if (event.key === " " && pen.down) return lift();
    pen.down ||= event.key === " ";
    to(...[pen.x + step[0], pen.y + step[1]].map((at) => Math.min(SIDE, Math.max(0, at))));
  };
  canvas.onfocus = show;
  clear.onclick = wipe;
  model.on("change:value", () => {
    if (model.get("value") === sent) return; // what was drawn here comes back
    soon = clearTimeout(soon);
    ink = unpack((sent = model.get("value")));
    show();
  });
  show();
  return send; // what was drawn a moment ago, when the sheet goes away
}

export default { render };
