// One pane of notebook 09: shows HTML made (and escaped) in Python, and reports which cell was clicked.

// With its list of suggestions open, a tags input of ipywidgets takes a name on Tab but not on Enter.
const commit = (event) => {
  if (event.key === "Enter" && event.target.matches(".atlas-explorer .jupyter-widget-taginput")) {
    event.target.dispatchEvent(new Event("change"));
  }
};

function render({ model, el }) {
  el.classList.add("atlas-explore");
  const draw = () => {
    const box = el.querySelector(".scroll");
    const place = box ? [box.scrollTop, box.scrollLeft] : [0, 0];
    const held = el.contains(document.activeElement) ? document.activeElement.dataset.cell : undefined;
    el.innerHTML = model.get("html");
    const now = el.querySelector(".scroll");
    if (now) [now.scrollTop, now.scrollLeft] = place;
    if (held) el.querySelector(`[data-cell="${CSS.escape(held)}"]`)?.focus({ preventScroll: true });
    el.querySelector("[data-reveal]")?.scrollIntoView({ block: "nearest" });
  };
  const pick = (event) => {
    const cell = event.target.closest("[data-cell]");
    if (!cell) return;
    model.set("picked", [...cell.dataset.cell.split("|"), String(Date.now())]);
    model.save_changes();
  };
  draw();
  model.on("change:html", draw);
  el.addEventListener("click", pick);
  document.addEventListener("keydown", commit);
  return () => {
    document.removeEventListener("keydown", commit);
    model.off("change:html", draw);
    el.removeEventListener("click", pick);
  };
}
export default { render };
