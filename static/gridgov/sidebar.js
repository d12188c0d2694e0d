// Groups of the sidebar that somebody folded or unfolded stay so in this browser; the group one is in stands open.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const KEPT = "gridgovMenu", groups = document.querySelectorAll("#nav-sidebar-apps [data-fold]");
  const read = () => { try { return JSON.parse(localStorage.getItem(KEPT)) || {}; } catch { return {}; } };
  const kept = read();
  groups.forEach((group) => {
    if (group.dataset.fold in kept && group.dataset.here === undefined) group.open = kept[group.dataset.fold];
    group.querySelector("summary").addEventListener("click", () => {
      // Before it opens or closes.
      localStorage.setItem(KEPT, JSON.stringify({ ...read(), [group.dataset.fold]: !group.open }));
    });
  });
});
