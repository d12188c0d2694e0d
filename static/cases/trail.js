// The list remembers which cases it showed, in its order, so that the page of one leads on to the next (cases/page.js).
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const links = [...document.querySelectorAll("#result_list .field-number a, #result_list th.field-number a")];
  const trail = [...new Set(links.map((link) => link.getAttribute("href")))];
  if (trail.length) sessionStorage.setItem("caseTrail", JSON.stringify(trail));
});
