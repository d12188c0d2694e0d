// Where it is: by the phone's own reading (WGS-84, the system of browsers), or by tapping the own grid's map, which is loaded
// only when it is opened.
"use strict";
(() => {
  const form = document.querySelector("form.report");
  if (!form) return;
  const find = (what) => form.querySelector(what), told = find("[data-place-state]");
  const COARSE = 100; // metres
  let map = null, pin = null, byHand = false;

  const say = (name, metres) => { told.textContent = name ? form.dataset[name].replace("{metres}", metres) : ""; };
  const set = (lng, lat) => {
    form.elements.lng.value = lng.toFixed(6);
    form.elements.lat.value = lat.toFixed(6);
    form.elements.crs.value = "WGS84";
    form.elements.lng.dispatchEvent(new Event("change", { bubbles: true }));
    show();
  };
  const clear = () => { form.elements.lng.value = form.elements.lat.value = ""; };

  const locate = () => {
    if (!navigator.geolocation) { say("refused"); return; }
    say("locating");
    navigator.geolocation.getCurrentPosition((reading) => {
      if (byHand) return;
      const near = reading.coords.accuracy;
      set(reading.coords.longitude, reading.coords.latitude);
      say(near > COARSE ? "coarse" : "located", Math.round(near));
    }, () => { if (!byHand) say("refused"); }, { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 });
  };

  const load = (what, source) => new Promise((resolve, reject) => {
    const element = document.createElement(what);
    element.onload = resolve;
    element.onerror = reject;
    if (what === "link") { element.rel = "stylesheet"; element.href = source; } else element.src = source;
    document.head.append(element);
  });

  const show = () => {
    if (!map || !form.elements.lng.value) return;
    const place = [Number(form.elements.lat.value), Number(form.elements.lng.value)];
    if (pin) pin.setLatLng(place); else pin = window.L.circleMarker(place, { radius: 12, weight: 4, color: "#a31b12", fillOpacity: 0.4 }).addTo(map);
  };

  // The borders as they are, or as they were when the map was last opened here.
  const ground = async () => {
    const kept = "ground:" + document.documentElement.dataset.user;
    try {
      const answer = await fetch(form.dataset.ground, { credentials: "same-origin", headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error("no borders");
      const drawn = await answer.json();
      try { localStorage.setItem(kept, JSON.stringify(drawn)); } catch (error) { /* full or forbidden: only not without a network */ }
      return drawn;
    } catch (error) {
      return JSON.parse(localStorage.getItem(kept));
    }
  };

  const open = async () => {
    const box = find("[data-map]"), button = find("[data-open-map]");
    box.hidden = !box.hidden;
    button.setAttribute("aria-expanded", String(!box.hidden));
    if (box.hidden || map) return;
    try {
      await Promise.all([load("link", form.dataset.leafletCss), load("script", form.dataset.leaflet)]);
      const borders = window.L.geoJSON(await ground(), { style: { color: "#11614f", weight: 3, fillOpacity: 0.08 } });
      map = window.L.map(box, { attributionControl: false, zoomSnap: 0.25 });
      borders.bindTooltip((layer) => layer.feature.properties.name).addTo(map);
      if (borders.getLayers().length) map.fitBounds(borders.getBounds()); else map.setView([31.23, 121.47], 13);
      map.on("click", (event) => {
        byHand = true;
        set(event.latlng.lng, event.latlng.lat);
        say("tapped");
      });
      show();
    } catch (error) {
      box.hidden = true;
      button.setAttribute("aria-expanded", "false");
      say("noMap");
    }
  };

  find("[data-locate]").addEventListener("click", () => { byHand = false; locate(); });
  find("[data-open-map]").addEventListener("click", open);
  form.addEventListener("restored", () => {
    if (form.elements.lng.value) { byHand = true; say("begun"); show(); return; }
    byHand = false;
    clear();
    locate();
  });
  locate();
})();
