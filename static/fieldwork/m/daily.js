// What a report of today would count, beside a form that may have been kept on the phone.
"use strict";
(async () => {
  const counts = document.querySelector("[data-counts]"), given = document.querySelector("[data-given]");
  const answer = await fetch(counts.dataset.counts, { credentials: "same-origin", headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer || !answer.ok) return;
  const found = await answer.json();
  counts.querySelectorAll("[data-count]").forEach((part) => { part.textContent = found[part.dataset.count]; });
  counts.hidden = false;
  document.querySelector("[data-uncounted]").hidden = true;
  given.textContent = found.given;
  given.hidden = !found.given;
})();
