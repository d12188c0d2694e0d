// Arrow keys in the year at a glance: one stop for the Tab key, and from there day by day. Without it each day is a stop.
"use strict";
(() => {
  const board = document.querySelector("[data-calendar]");
  if (!board) return;
  const days = [...board.querySelectorAll("[data-day]")];
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
  let here = Math.max(days.findIndex((day) => day.matches(".gg-day-chosen")), 0);
  if (!here) here = Math.max(days.findIndex((day) => day.matches(".gg-day-today")), 0);

  function stand(at, focus) {
    days[here].tabIndex = -1;
    here = Math.min(Math.max(at, 0), days.length - 1);
    days[here].tabIndex = 0;
    if (focus) days[here].focus();
  }

  function monthAway(by) {
    const months = [...board.querySelectorAll(".gg-cal-month")];
    const month = months[months.indexOf(days[here].closest(".gg-cal-month")) + by];
    return month ? days.indexOf(month.querySelector("[data-day]")) : here;
  }

  for (const day of days) day.tabIndex = -1;
  stand(here, false);
  const chosen = board.querySelector(".gg-day-chosen");
  if (chosen) { chosen.focus(); chosen.scrollIntoView({ block: "center" }); }

  board.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    let to;
    if (event.key in steps) to = here + steps[event.key];
    else if (event.key === "PageUp") to = monthAway(-1);
    else if (event.key === "PageDown") to = monthAway(1);
    else if (event.key === "Home") to = 0;
    else if (event.key === "End") to = days.length - 1;
    else return;
    event.preventDefault();
    stand(to, true);
  });
  board.addEventListener("focusin", (event) => {
    const at = days.indexOf(event.target);
    if (at >= 0 && at !== here) stand(at, false);
  });
  // Back from a dialog to the day it was about.
  document.getElementById("verb-dialog")?.addEventListener("close", () => days[here].focus());

  const print = document.querySelector("[data-print]");
  if (print) { print.hidden = false; print.addEventListener("click", () => window.print()); }
})();
