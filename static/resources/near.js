// A place is picked on a map that is drawn when it is first opened; a click looks round it.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const details = document.querySelector(".rs-pick");
  const element = details.querySelector("[data-near-map]");
  const near = document.getElementById("rs-near");
  const [lng, lat] = [details.querySelector("[name=lng]"), details.querySelector("[name=lat]")];
  details.addEventListener("toggle", () => {
    if (!details.open || element.dataset.caseMap) return;
    element.dataset.caseMap = element.dataset.nearMap;
    window.caseMaps.show(element);
  });
  lat.addEventListener("change", () => {
    near.value = `${lng.value},${lat.value}`;
    near.form.requestSubmit();
  });
});
