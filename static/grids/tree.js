/* The tree on the list of grids: branches close and open; a row dragged onto another asks by the verb's own dialog. */
(function () {
  "use strict";

  const bar = document.querySelector("[data-tree-bar]");
  const list = document.getElementById("result_list");
  if (!bar || !list) return;
  const { above, said, street } = JSON.parse(document.getElementById("grid-tree").textContent);
  const voice = bar.querySelector("[data-tree-said]");
  const rows = [...list.querySelectorAll("[data-grid]")].map((cell) => ({ cell, row: cell.closest("tr"), ...cell.dataset }));
  const of = new Map(rows.map((one) => [one.row, one]));
  const closed = new Set();
  let dragged = null;

  // --- branches: what follows a row and lies deeper

  function show() {
    let hidden = Infinity;
    rows.forEach((one) => {
      const level = Number(one.level);
      if (level <= hidden) hidden = Infinity;
      one.row.hidden = level > hidden;
      if (!one.row.hidden && closed.has(one.grid)) hidden = level;
    });
  }
  function branch(one, next) {
    if (!next || Number(next.level) <= Number(one.level)) {
      one.cell.prepend(Object.assign(document.createElement("span"), { className: "gg-leaf" }));
      return;
    }
    const button = document.createElement("span");
    button.className = "gg-branch";
    button.tabIndex = 0;
    button.setAttribute("role", "button");
    button.setAttribute("aria-label", `${bar.dataset.label}: ${one.cell.textContent}`);
    button.setAttribute("aria-expanded", "true");
    button.innerHTML = '<span class="material-symbols-outlined" aria-hidden="true">expand_more</span>';
    function toggle(event) {
      if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      if (!closed.delete(one.grid)) closed.add(one.grid);
      button.setAttribute("aria-expanded", String(!closed.has(one.grid)));
      show();
    }
    button.addEventListener("click", toggle);
    button.addEventListener("keydown", toggle);
    // The name is a link; the button stands before it, not in it.
    const link = one.cell.closest("a");
    button.style.marginInlineStart = getComputedStyle(one.cell).paddingInlineStart;
    one.cell.style.paddingInlineStart = "0";
    (link || one.cell).before(button);
  }
  rows.forEach((one, n) => branch(one, rows[n + 1]));

  // --- dragging

  function refusal(target) {
    if (target.tree !== dragged.tree) return street;
    return above[dragged.kind].includes(target.kind) ? "" : said[dragged.kind];
  }
  function fits(target) {
    return target && target !== dragged && target.grid !== dragged.parent && !refusal(target);
  }
  function mark() {
    rows.forEach((one) => one.row.classList.toggle("gg-target", Boolean(dragged && fits(one))));
    if (!dragged) list.querySelectorAll(".gg-over, .gg-dragged").forEach((row) => row.classList.remove("gg-over", "gg-dragged"));
  }
  function ask(grid, parent) {
    const link = document.createElement("a");
    link.href = `${bar.dataset.moveUrl.replace("/0/", `/${grid}/`)}?parent=${parent}`;
    link.dataset.verb = "";
    link.hidden = true;
    bar.append(link);
    link.click();
    link.remove();
  }

  if (!bar.dataset.moves) return;
  rows.filter((one) => one.parent).forEach((one) => { one.row.draggable = true; });
  // A link or a picture would be dragged by itself.
  list.querySelectorAll("a").forEach((link) => { link.draggable = false; });
  list.addEventListener("dragstart", (event) => {
    dragged = of.get(event.target.closest("tr")) || null;
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.grid);
    voice.textContent = "";
    dragged.row.classList.add("gg-dragged");
    mark();
  });
  list.addEventListener("dragover", (event) => {
    const target = dragged && of.get(event.target.closest("tr"));
    if (!target || target === dragged) return;
    event.preventDefault(); // an unfit row takes the drop too, to say why not
    event.dataTransfer.dropEffect = fits(target) ? "move" : "none";
    list.querySelectorAll(".gg-over").forEach((row) => row.classList.remove("gg-over"));
    if (fits(target)) target.row.classList.add("gg-over");
    else voice.textContent = target.grid === dragged.parent ? "" : refusal(target);
  });
  list.addEventListener("drop", (event) => {
    const target = dragged && of.get(event.target.closest("tr"));
    if (!target) return;
    event.preventDefault();
    if (fits(target)) { voice.textContent = ""; ask(dragged.grid, target.grid); }
  });
  list.addEventListener("dragend", () => { dragged = null; mark(); });
})();
