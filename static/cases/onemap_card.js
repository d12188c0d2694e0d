// The one map's card: the numbers of the chosen grid, or of all, each with its list; and finding a grid by its name.
"use strict";
(() => {
  const { data, state, map, root, fill, part, make, icon, change, on, grids } = window.oneMap;
  if (!grids) return;
  const SUMS = ["open", "late", "reported", "grids", "staffed", "vacant", "covered", "uncovered"];
  const find = root.querySelector("[name=find]");

  // The address of the list behind NAME of the grid CODE, on the day that is shown.
  window.oneMap.list = (name, code) => {
    const { past, day, span } = grids.figures;
    return fill(data.links[past && data.links[`${name}_past`] ? `${name}_past` : name], { code, day, span });
  };
  window.oneMap.sums = () => Object.fromEntries(SUMS.map((name) => [name, grids.figures.lines.reduce((sum, line) => sum + line[name], 0)]));

  function number(name, line) {
    const value = String(line[name]);
    return line.code && line[name] ? make("a", { class: "gg-link", href: window.oneMap.list(name, line.code), "data-om-number": name }, value) : value;
  }

  function row(label, ...cells) {
    return make("div", {}, make("dt", {}, label), make("dd", {}, ...cells));
  }

  function show() {
    if (!grids.figures) return;
    const chosen = grids.figures.byCode.get(state.grid);
    const line = chosen || { ...window.oneMap.sums(), code: "", name: data.words.all };
    const cases = ["open", "late", "reported"].filter((name) => data.figures.includes(name));
    part("card").replaceChildren(
      make("h2", {}, line.name, ...(chosen ? [" ", make("small", {}, data.kinds[line.kind])] : [])),
      make("dl", { class: "om-facts" },
        ...cases.map((name) => row(data.names[name], number(name, line))),
        row(data.words.staffed, number("staffed", line), ` / ${line.grids}`),
        row(data.names.vacant, number("vacant", line)),
        row(data.words.covered, number("covered", line), ` / ${line.grids}`),
        row(data.names.uncovered, number("uncovered", line))),
      ...(grids.figures.past ? [make("p", { class: "gg-quiet" }, data.words.now)] : []),
      ...(chosen ? [buttons(line)] : [make("p", { class: "gg-quiet" }, data.words.choose)]),
    );
  }

  function buttons(line) {
    const shape = grids.shapes.get(line.code);
    const zoom = make("button", { type: "button", class: "gg-button" }, icon("zoom_in"), data.words.zoomTo);
    zoom.addEventListener("click", () => map.fitBounds(shape.getBounds().pad(0.05)));
    const clear = make("button", { type: "button", class: "gg-button" }, icon("close"), data.words.clear);
    clear.addEventListener("click", () => change({ grid: "" }));
    const link = (name, label) => make("a", { class: "gg-link", href: window.oneMap.list(name, line.code) }, label);
    return make("div", {},
      make("p", { class: "om-links" }, link("posts", data.words.people), link("party", data.words.party), link("grids", data.words.tree)),
      shape ? null : make("p", { class: "gg-quiet" }, data.words.noBorder),
      make("div", { class: "om-links" }, shape ? zoom : null, clear));
  }

  // --- finding

  function names() {
    document.getElementById("om-names").replaceChildren(...grids.figures.lines.map((line) => make("option", { value: `${line.name} ${line.code}` })));
  }

  function found() {
    const text = find.value.trim();
    const line = text && grids.figures?.lines.find((one) => text === `${one.name} ${one.code}` || text === one.code || text === one.name);
    if (!line) return;
    change({ grid: line.code });
    const shape = grids.shapes.get(line.code);
    if (shape) map.fitBounds(shape.getBounds().pad(0.4));
  }

  find.addEventListener("change", found);
  on("figures", () => { names(); show(); });
  on("state", (changed) => { if (changed.has("grid")) show(); });
})();
