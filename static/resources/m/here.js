// Looks round where the phone stands (WGS-84, the system of browsers); its place goes into the address and is kept nowhere.
"use strict";
(() => {
  const form = document.querySelector("[data-look-near]"), button = form?.querySelector("[data-here]");
  if (!button || !navigator.geolocation) { if (button) button.hidden = true; return; }
  const told = form.querySelector("[data-told]");
  button.addEventListener("click", () => {
    told.textContent = button.dataset.waiting;
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      form.elements.near.value = `${coords.longitude.toFixed(5)},${coords.latitude.toFixed(5)}`;
      form.requestSubmit();
    }, () => { told.textContent = button.dataset.refused; }, { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 });
  });
})();
