// One pane of notebook 09: shows HTML made (and escaped) in Python, and reports which cell was clicked.
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
  return () => {
    model.off("change:html", draw);
    el.removeEventListener("click", pick);
  };
}
export default { render };
