"use strict";
// The page reads well without this script; with it tables sort and search, and counts open their records.
(() => {
  const SHORT = 12;
  const text = (cell) => (cell ? cell.textContent.trim() : "");
  const value = (cell) => (cell && cell.dataset.v !== undefined ? Number(cell.dataset.v) : NaN);

  function compare(column, sign) {
    return (a, b) => {
      const [x, y] = [a.cells[column], b.cells[column]];
      const [m, n] = [value(x), value(y)];
      if (!Number.isNaN(m) && !Number.isNaN(n)) return sign * (m - n);
      if (!Number.isNaN(m) || !Number.isNaN(n)) return Number.isNaN(m) ? 1 : -1;  // missing last
      return sign * text(x).localeCompare(text(y), "en", { numeric: true });
    };
  }

  function enhance(table) {
    const body = table.tBodies[0];
    const rows = body ? Array.from(body.rows) : [];
    if (rows.length < 2) return;
    let order = rows, all = false, query = "";
    const status = document.createElement("p");
    status.className = "rows";
    status.setAttribute("role", "status");
    const count = document.createElement("span");
    const more = document.createElement("button");
    more.type = "button";
    status.append(count, " ", more);
    table.closest(".table").after(status);

    function show() {
      const words = query.toLowerCase().split(/\s+/).filter(Boolean);
      const hits = order.filter((row) => words.every((word) => row.textContent.toLowerCase().includes(word)));
      const shown = all ? hits : hits.slice(0, SHORT);
      body.replaceChildren(...shown);
      count.textContent = `${shown.length} of ${hits.length} rows` +
        (hits.length < rows.length ? ` found in ${rows.length}` : "");
      status.hidden = rows.length <= SHORT;
      more.hidden = hits.length <= SHORT;
      more.textContent = all ? "Show fewer" : `Show all ${hits.length}`;
    }

    more.addEventListener("click", () => { all = !all; show(); });
    if (rows.length > SHORT) {
      const label = document.createElement("label");
      const input = document.createElement("input");
      input.type = "search";
      label.append("Search ", input);
      const line = document.createElement("p");
      line.className = "rows";
      line.append(label);
      table.closest(".table").before(line);
      input.addEventListener("input", () => { query = input.value; show(); });
    }
    Array.from(table.tHead ? table.tHead.rows[0].cells : []).forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "descending" ||
          (!head.hasAttribute("aria-sort") && !head.classList.contains("num"));
        for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "ascending" : "descending");
        order = Array.from(rows).sort(compare(column, down ? 1 : -1));
        show();
      });
    });
    show();
  }

  document.querySelectorAll("main .table table").forEach(enhance);

  // A table wider than the page is scrolled by keyboard too.
  function reach() {
    for (const box of document.querySelectorAll("main .table")) {
      const wide = box.scrollWidth > box.clientWidth;
      if (wide) {
        box.tabIndex = 0;
        box.setAttribute("role", "group");
        box.setAttribute("aria-label", "Table, scrolls sideways");
      } else for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
    }
  }
  addEventListener("resize", reach);
  reach();

  // Code of the notebooks, folded away until asked for.
  const codes = document.getElementById("codes");
  if (document.querySelector("details.code")) {
    codes.hidden = false;
    codes.addEventListener("click", () => {
      const on = document.body.classList.toggle("codes");
      codes.setAttribute("aria-pressed", String(on));
      codes.textContent = on ? "Hide code" : "Show code";
      document.querySelectorAll("details.code").forEach((code) => { code.open = on; });
    });
  }

  // A count opens the list of its records over the page, so that the reader keeps the place.
  const panel = document.getElementById("panel");
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#ev-"]');
    const list = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!list || !panel?.showModal) return;
    event.preventDefault();
    document.getElementById("panel-title").textContent = list.parentNode.querySelector("summary").textContent;
    const copy = list.cloneNode(true);
    copy.removeAttribute("id");
    document.getElementById("panel-body").replaceChildren(copy);
    panel.showModal();
    panel.scrollTop = 0;
  });
  // The page of a batch has no panel.
  document.getElementById("panel-close")?.addEventListener("click", () => panel.close());
  panel?.addEventListener("click", (event) => { if (event.target === panel) panel.close(); });

  function openTarget() {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    const folded = target && target.closest("details");
    if (folded) { folded.open = true; folded.scrollIntoView(); }
  }
  window.addEventListener("hashchange", openTarget);
  openTarget();

  const find = document.getElementById("find");
  if (find) {
    const lists = Array.from(document.querySelectorAll("details.evidence, .cards > li"));
    find.closest(".search").hidden = false;
    find.addEventListener("input", () => {
      const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
      let n = 0;
      for (const list of lists) {
        list.hidden = !words.every((word) => list.dataset.key.includes(word));
        if (!list.hidden) n += 1;
      }
      document.getElementById("found").textContent = `${n} of ${lists.length}`;
      document.getElementById("none").hidden = n > 0;
    });
  }
})();
