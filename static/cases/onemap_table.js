// The one map as a table: the same numbers with the same lists behind them, as a sheet and on paper.
"use strict";
(() => {
  const { data, state, map, root, part, make, on, change, grids } = window.oneMap;
  if (!grids) return;
  const table = document.getElementById("om-table");
  const COLUMNS = [...["open", "late", "reported"].filter((name) => data.figures.includes(name)), "grids", "staffed", "vacant", "covered", "uncovered"];
  const heading = (name) => data.names[name] || data.words[name];

  function show() {
    if (!grids.figures) return;
    const { lines, rest } = grids.figures;
    const [open, late, reported] = rest;
    const others = { open, late, reported, name: data.words.rest };
    part("thead").replaceChildren(make("tr", {}, make("th", { scope: "col" }, data.words.grid), ...COLUMNS.map((name) => make("th", { scope: "col" }, heading(name)))));
    part("tbody").replaceChildren(
      ...lines.map((line) => row(line, line.code)),
      ...(data.sees && (open || reported) ? [row(others, "")] : []),
      row({ ...window.oneMap.sums(), name: data.words.sum }, ""));
  }

  function row(line, code) {
    return make("tr", code ? { "data-code": code } : { class: "om-sum" }, make("th", { scope: "row" }, line.name), ...COLUMNS.map((name) => {
      const value = line[name] ?? "";
      return make("td", {}, code && value ? make("a", { href: window.oneMap.list(name, code) }, String(value)) : String(value));
    }));
  }

  function sheet() {
    const asked = new URLSearchParams({ level: grids.level, day: state.day, span: state.span });
    part("sheet").href = `${data.urls.sheet}?${asked}`;
  }

  part("table").addEventListener("click", (event) => {
    table.hidden = !table.hidden;
    event.currentTarget.setAttribute("aria-expanded", String(!table.hidden));
    if (!table.hidden) table.scrollIntoView({ behavior: "smooth" });
  });

  // --- on paper: the map as wide as the sheet, then the table

  let view = null;
  window.addEventListener("beforeprint", () => {
    view = map.getBounds();
    root.classList.add("om-printing");
    map.invalidateSize({ animate: false, pan: false });
    map.fitBounds(view, { animate: false });
  });
  window.addEventListener("afterprint", () => {
    root.classList.remove("om-printing");
    map.invalidateSize({ animate: false, pan: false });
    if (view) map.fitBounds(view, { animate: false });
  });
  part("print").addEventListener("click", () => window.print());
  on("figures", () => { show(); sheet(); });
})();
