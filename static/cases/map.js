// Small maps of cases: the borders around a point, and a point to pick. No tiles unless the office names a server.
"use strict";
(() => {
  const KINDS = {
    street: { color: "#334155", weight: 2, dashArray: "6 4", fillOpacity: 0, interactive: false },
    total: { color: "#1d4ed8", weight: 2, fillOpacity: 0.05 },
    comprehensive: { color: "#167961", weight: 1.5, fillOpacity: 0.07 },
    dedicated: { color: "#b45309", weight: 1.5, fillOpacity: 0.07 },
    micro: { color: "#64748b", weight: 1, fillOpacity: 0.06 },
  };

  function tip(text) {
    const element = document.createElement("span");
    element.textContent = text;
    return element;
  }

  function dot(lat, lng) {
    return L.circleMarker([lat, lng], { radius: 9, color: "#fff", weight: 3, fillColor: "#b91c1c", fillOpacity: 1, interactive: false });
  }

  function draw(home, border, kind, name, note) {
    const shape = L.geoJSON(border, { style: { ...KINDS[kind], ...(note?.style || {}) } });
    shape.bindTooltip(tip(note?.text || name), { sticky: true });
    if (note?.url) shape.on("click", () => location.assign(note.url));
    home.addLayer(shape);
  }

  // Borders as GeoJSON, kind by kind, the widest first so that the small ones lie on top. What fails to come is left out.
  async function fetched(url, kinds) {
    const found = [];
    for (const kind of kinds) {
      try {
        const answer = await fetch(`${url}?kind=${kind}&current=true`, { headers: { Accept: "application/json" } });
        if (answer.ok) found.push(...(await answer.json()).features);
      } catch { /* without borders the page is still whole */ }
    }
    return found;
  }

  async function show(element) {
    const data = JSON.parse(document.getElementById(element.dataset.caseMap).textContent);
    const map = L.map(element, { maxZoom: 20, attributionControl: data.tiles.length > 0, zoomSnap: 0.25 });
    data.tiles.forEach((tile) => L.tileLayer(tile.url, tile.options).addTo(map));
    L.control.scale({ imperial: false }).addTo(map);
    const home = L.featureGroup().addTo(map);
    (data.borders || []).forEach((row) => draw(home, row.border, row.kind, row.name));
    if (data.point) dot(data.point[1], data.point[0]).addTo(home);
    if (element.dataset.borders) {
      const notes = data.notes || {};
      const features = await fetched(element.dataset.borders, data.kinds || ["street", "total", "comprehensive", "dedicated"]);
      if (!features.length && data.hideEmpty) { element.closest("section").hidden = true; return; }
      features.forEach((f) => draw(home, f.geometry, f.properties.kind, f.properties.name, notes[f.properties.code]));
    }
    const inner = (data.borders || []).at(-1);
    const bounds = inner && data.point ? L.geoJSON(inner.border).getBounds().extend([data.point[1], data.point[0]]) : home.getBounds();
    if (bounds.isValid()) map.fitBounds(bounds.pad(0.1), { maxZoom: 18 });
    else map.setView([35, 105], 4);
    if (data.pick) pick(map);
  }

  function pick(map) {
    const lng = document.querySelector("[name=lng]"), lat = document.querySelector("[name=lat]");
    let mark = null;
    const put = () => {
      if (mark) mark.remove();
      mark = lng.value && lat.value ? dot(Number(lat.value), Number(lng.value)).addTo(map) : null;
    };
    map.getContainer().style.cursor = "crosshair";
    map.on("click", (event) => {
      lng.value = event.latlng.lng.toFixed(6);
      lat.value = event.latlng.lat.toFixed(6);
      // Whoever listens hears of it as if it had been typed: the mark, and the proposals.
      lat.dispatchEvent(new Event("change", { bubbles: true }));
    });
    [lng, lat].forEach((input) => input.addEventListener("change", put));
    put();
  }

  window.caseMaps = { show };
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-case-map]").forEach(show));
})();
