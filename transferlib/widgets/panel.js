// What ipywidgets leaves to be done in a panel: names and values that a screen reader can say, and letters that stay letters:
// with a slider in focus JupyterLab takes "d d" for "delete this cell".

function set(element, attributes) {
  // Only what differs is written: every write wakes the observer below.
  for (const [name, value] of Object.entries(attributes))
    if (element && element.getAttribute(name) !== value) element.setAttribute(name, value);
}

function describe(panel) {
  for (const slider of panel.querySelectorAll(".widget-slider")) {
    const [label, readout] = [".widget-label", ".widget-readout"].map((part) => slider.querySelector(part)?.textContent ?? "");
    // A slider over a few values would say its place among them: "3" where the reader sees "10".
    set(slider.querySelector("[role=slider]"), { "aria-label": label, "aria-valuetext": readout });
  }
  for (const group of panel.querySelectorAll(".widget-toggle-buttons")) {
    set(group, { role: "group", "aria-label": group.querySelector(".widget-label")?.textContent ?? "" });
    for (const button of group.querySelectorAll("button"))
      set(button, { "aria-pressed": String(button.classList.contains("mod-active")) });
  }
  for (const group of panel.querySelectorAll(".transfer-group"))
    set(group, { role: "group", "aria-label": group.querySelector("b")?.textContent ?? "" });
  for (const words of panel.querySelectorAll(".transfer-caption, .transfer-status")) set(words, { "aria-live": "polite" });
}

function render({ el }) {
  let panel;
  const observer = new MutationObserver(() => describe(panel));
  const keys = (event) => {
    if (!panel?.contains(event.target)) return;
    const command = event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter");
    event.target.toggleAttribute("data-lm-suppress-shortcuts", !command);
  };
  const begin = () => {
    if (!(panel = el.closest(".transfer-panel"))) return requestAnimationFrame(begin); // not yet in the page
    describe(panel);
    observer.observe(panel, { subtree: true, childList: true, characterData: true, attributeFilter: ["aria-valuetext", "class"] });
  };
  begin();
  addEventListener("keydown", keys, true); // on the window, so that it comes before JupyterLab's own
  return () => {
    observer.disconnect();
    removeEventListener("keydown", keys, true);
  };
}

export default { render };
