// Lists by hand and by key: a row is opened by a click anywhere on it; j and k go down and up, Enter opens, x chooses.
"use strict";
(() => {
  const table = document.getElementById("result_list");
  if (!table) return;
  const rows = [...table.querySelectorAll("tr.data-row")];
  const links = rows.map((row) => row.querySelector("th a[href], td a[href]"));
  const picks = rows.map((row) => row.querySelector("input.gg-pick"));
  const chosen = document.querySelector(".gg-chosen");
  let here = -1;
  let last = -1;

  function count() {
    const number = picks.filter((pick) => pick?.checked).length;
    rows.forEach((row, i) => row.classList.toggle("gg-row-chosen", Boolean(picks[i]?.checked)));
    if (chosen) chosen.textContent = `${chosen.dataset.words} ${number}`;
    const all = table.querySelector("input.gg-pick-all");
    if (all) { all.checked = number > 0 && number === rows.length; all.indeterminate = number > 0 && number < rows.length; }
  }

  function go(to) {
    rows[here]?.classList.remove("gg-row-here");
    here = Math.max(0, Math.min(rows.length - 1, to));
    rows[here].classList.add("gg-row-here");
    rows[here].scrollIntoView({ block: "nearest" });
    links[here]?.focus({ preventScroll: true });
  }

  if (chosen && picks[0]) {
    const head = table.querySelector("thead th");
    const all = document.createElement("input");
    all.type = "checkbox";
    all.className = "gg-pick-all";
    all.setAttribute("aria-label", head.textContent.trim());
    all.addEventListener("change", () => { picks.forEach((pick) => { pick.checked = all.checked; }); count(); });
    head.replaceChildren(all);
  }

  rows.forEach((row, i) => {
    if (links[i]) row.classList.add("gg-row-opens");
    row.addEventListener("click", (event) => {
      const cell = event.target.closest("td, th");
      if (picks[i] && cell?.contains(picks[i])) {
        if (event.target !== picks[i]) picks[i].checked = !picks[i].checked;
        if (event.shiftKey && last >= 0) {
          for (let n = Math.min(i, last); n <= Math.max(i, last); n += 1) picks[n].checked = picks[i].checked;
        }
        last = i;
        count();
      } else if (links[i] && !event.target.closest("a, button, input, label, summary") && !String(getSelection())) {
        if (event.ctrlKey || event.metaKey) open(links[i].href); else location.assign(links[i].href);
      }
    });
  });

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !rows.length || document.querySelector("dialog[open]")) return;
    if (event.key === "j") go(here + 1);
    else if (event.key === "k") go(here - 1);
    else if (event.key === "x" && picks[here]) { picks[here].checked = !picks[here].checked; last = here; count(); }
    else if (event.key === "Enter" && here >= 0 && event.target === document.body) location.assign(links[here].href);
    else return;
    event.preventDefault();
  });

  // The browser keeps boxes ticked when one comes back to the page.
  addEventListener("pageshow", count);
  count();
})();
